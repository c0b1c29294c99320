"""Windows of time: calendar months, quarters or years in UTC."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recsys_core.errors import InputError

PARTIAL_BELOW: Final = 0.9
"""A window is partial where the log covers less than this fraction of it."""


class WindowSize(StrEnum):
    """How long a window is."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_MONTHS: Final = {WindowSize.MONTH: 1, WindowSize.QUARTER: 3, WindowSize.YEAR: 12}


@dataclass(frozen=True)
class Window:
    """``id``: "2013-04", "2013-Q2" or "2013"; ``start``: UTC, inclusive; ``end``: UTC, exclusive;
    ``partial``: the log begins or ends inside it and covers less than ``PARTIAL_BELOW`` of it.
    """

    id: str
    start: pd.Timestamp
    end: pd.Timestamp
    partial: bool


def parse_size(text: str) -> WindowSize:
    """The size by name; raises InputError with the names there are."""
    try:
        return WindowSize(text)
    except ValueError as error:
        raise InputError(
            f"{text!r} is not a size of window.", f"Choose one of: {', '.join(WindowSize)}."
        ) from error


def windows_between(first: int, last: int, size: WindowSize) -> tuple[Window, ...]:
    """All windows without a gap from the one of ``first`` to the one of ``last`` (unix seconds, both
    inclusive). Raises InputError where ``last`` is before ``first``.
    """
    if last < first:
        raise InputError(
            f"The last event ({last}) is before the first ({first}).", "Give the earlier time first."
        )
    months = _MONTHS[size]
    begin, end = (_month_of(time) // months for time in (first, last))
    starts = np.arange(begin, end + 2) * months
    seconds = starts.astype("datetime64[M]").astype("datetime64[s]").astype(np.int64)
    return tuple(
        _window(_window_id(int(month), size), (int(start), int(end)), (first, last))
        for month, start, end in zip(starts[:-1], seconds[:-1], seconds[1:], strict=True)
    )


def window_index(times: NDArray[np.int64], windows: Sequence[Window]) -> NDArray[np.int64]:
    """(E,) position in ``windows`` (consecutive, as ``windows_between`` gives them) of each of the
    ``times`` (E,) in unix seconds; -1 outside all of them.
    """
    if not windows:
        return np.full(len(times), -1, np.int64)
    edges = np.array([int(w.start.timestamp()) for w in windows] + [int(windows[-1].end.timestamp())])
    index = np.searchsorted(edges, times, side="right").astype(np.int64) - 1
    return np.where(index == len(windows), -1, index)


def _month_of(time: int) -> int:
    return int(np.datetime64(time, "s").astype("datetime64[M]").astype(np.int64))


def _window(name: str, span: tuple[int, int], log: tuple[int, int]) -> Window:
    start, end = span
    covered = (min(end, log[1] + 1) - max(start, log[0])) / (end - start)
    return Window(
        name,
        pd.Timestamp(start, unit="s", tz="UTC"),
        pd.Timestamp(end, unit="s", tz="UTC"),
        covered < PARTIAL_BELOW,
    )


def _window_id(month: int, size: WindowSize) -> str:
    """``month``: months since 1970-01."""
    year, in_year = 1970 + month // 12, month % 12
    if size is WindowSize.MONTH:
        return f"{year:04d}-{in_year + 1:02d}"
    return f"{year:04d}-Q{in_year // 3 + 1}" if size is WindowSize.QUARTER else f"{year:04d}"
