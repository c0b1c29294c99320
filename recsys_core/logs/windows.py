"""Windows of time: calendar months, quarters or years, UTC."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recsys_core.errors import InputError

COVERED = 0.9
"""Least fraction of a window that the log must cover for the window not to be called partial."""


class WindowSize(StrEnum):
    """How long a window is."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"

    @classmethod
    def parse(cls, text: str) -> "WindowSize":
        """The size by its name. Raises InputError naming the sizes there are."""
        try:
            return cls(text.strip().lower())
        except ValueError as error:
            known = ", ".join(cls)
            raise InputError(f"{text!r} is not a size of window.", f"Take one of: {known}.") from error


_FREQUENCY = {WindowSize.MONTH: "M", WindowSize.QUARTER: "Q", WindowSize.YEAR: "Y"}


@dataclass(frozen=True)
class Window:
    """``id``: "2013-04", "2013-Q2" or "2013". ``start`` is inside, ``end`` is not; both UTC.

    ``partial``: the log covers less than 90 % of it, so that its counts are not to be compared.
    """

    id: str
    start: pd.Timestamp
    end: pd.Timestamp
    partial: bool


def windows_between(first: int, last: int, size: WindowSize) -> tuple[Window, ...]:
    """The windows from the one that holds ``first`` to the one that holds ``last``, oldest first.

    ``first`` and ``last``: unix seconds of the first and last event. Raises ValueError if last < first.
    """
    if last < first:
        raise ValueError(f"The last event ({last}) is before the first ({first}).")
    moments = pd.to_datetime([first, last], unit="s")
    begin, end = moments
    first_period, last_period = moments.to_period(_FREQUENCY[size])
    periods = pd.period_range(first_period, last_period, freq=_FREQUENCY[size])
    starts = list(periods.start_time)
    ends = [*starts[1:], (periods[-1:] + 1).start_time[0]]
    return tuple(
        Window(_window_id(start, size), _utc(start), _utc(stop), _covered(start, stop, begin, end) < COVERED)
        for start, stop in zip(starts, ends, strict=True)
    )


def window_index(times: NDArray[np.int64], windows: Sequence[Window]) -> NDArray[np.int64]:
    """(E,) position in ``windows`` (ascending, not overlapping) of each of ``times`` (unix seconds);
    -1 where a time lies in none of them.
    """
    if not windows:
        return np.full(len(times), -1, dtype=np.int64)
    starts = np.array([int(window.start.timestamp()) for window in windows])
    ends = np.array([int(window.end.timestamp()) for window in windows])
    index = np.searchsorted(starts, times, side="right") - 1
    inside = (index >= 0) & (times < ends[np.maximum(index, 0)])
    return np.where(inside, index, -1).astype(np.int64)


def _covered(start: pd.Timestamp, stop: pd.Timestamp, first: pd.Timestamp, last: pd.Timestamp) -> float:
    return float((min(stop, last) - max(start, first)) / (stop - start))


def _window_id(start: pd.Timestamp, size: WindowSize) -> str:
    if size is WindowSize.MONTH:
        return f"{start:%Y-%m}"
    return f"{start.year}-Q{start.quarter}" if size is WindowSize.QUARTER else f"{start.year}"


def _utc(moment: pd.Timestamp) -> pd.Timestamp:
    return moment.tz_localize("UTC").as_unit("s")
