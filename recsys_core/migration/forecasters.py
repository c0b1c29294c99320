"""Forecasters: which mix a user's next active window will hold, from the windows before it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

import numpy as np

from recsys_core.migration.arrays import Floats, Ints
from recsys_core.migration.mixes import Mixes


class Method(StrEnum):
    """The names of the forecasters."""

    PERSISTENCE = "persistence"
    EMA = "ema"
    MARKOV = "markov"
    EMA_MARKOV = "ema-markov"
    MODEL = "interest-model"


@dataclass(frozen=True, eq=False)
class Expectation:
    """``user``: (N,) rows, ascending; ``share``: (N, K) ≥ 0, rows sum to 1; ``n_events``: (N,) > 0, on how
    many events each rests.
    """

    user: Ints
    share: Floats
    n_events: Floats


class Forecaster(Protocol):
    """One way to tell the next mix of each user."""

    @property
    def name(self) -> Method:
        """What it is called."""

    @property
    def parameters(self) -> tuple[float, ...]:
        """What it can be tuned by, at least one; nearest to persistence first."""

    def expect(self, people: Mixes, cut: int, parameter: float) -> Expectation:
        """The next mix of everybody in ``people`` who was active before window ``cut``."""


class Persistence:
    """Everything stays as it was in the user's last active window."""

    name: Final = Method.PERSISTENCE
    parameters: Final = (1.0,)

    def expect(self, people: Mixes, cut: int, parameter: float) -> Expectation:
        """See ``Forecaster``: an average with the rate 1."""
        return latest_average(people, cut, parameter)


class MovingAverage:
    """A user's habit: the exponentially weighted mean of the user's events so far (EMA)."""

    name: Final = Method.EMA
    parameters: Final = (0.75, 0.5, 0.35, 0.2, 0.1, 0.05)

    def expect(self, people: Mixes, cut: int, parameter: float) -> Expectation:
        """See ``Forecaster``; ``parameter``: the rate, in (0, 1]."""
        return latest_average(people, cut, parameter)


def latest_average(people: Mixes, cut: int, rate: float) -> Expectation:
    """Where the running average of everybody who was active before window ``cut`` stood there."""
    past = people.select(people.window < cut)
    share, n_events = running_average(past, rate)
    last = np.flatnonzero(np.diff(past.user, append=-1))
    return Expectation(past.user[last], share[last], n_events[last])


def running_average(people: Mixes, rate: float) -> tuple[Floats, Floats]:
    """(M, K) mean mix of each user's events up to each row, and (M,) on how many events it rests.

    The events of every active window further back count ``1 - rate`` times as much (exponential smoothing,
    Brown 1959, by events, so that a window with one counts little); with ``rate`` 1 only the last counts.
    """
    n_events = people.n_events.astype(np.float64)
    total = people.share * n_events[:, None]
    if rate < 1:
        for rows in _by_rank(people.user)[1:]:
            n_events[rows] += (1 - rate) * n_events[rows - 1]
            total[rows] += (1 - rate) * total[rows - 1]
    return total / n_events[:, None], n_events


def _by_rank(user: Ints) -> list[Ints]:
    """Rows that are the first of their user, rows that are the second, …"""
    starts = np.flatnonzero(np.diff(user, prepend=-1))
    rank = np.arange(len(user)) - np.repeat(starts, np.diff(starts, append=len(user)))
    order = np.argsort(rank, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(rank[order])) + 1)
