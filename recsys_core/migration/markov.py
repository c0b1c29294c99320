"""The Markov forecast: the moves of everybody from one active window to the next, applied to one user."""

from functools import cached_property
from typing import Final

import numpy as np

from recsys_core.migration.arrays import Floats, Ints
from recsys_core.migration.forecasters import Expectation, Method, latest_average, running_average
from recsys_core.migration.mixes import Mixes

HABIT: Final = 0.2
"""Rate of the average that ``Method.EMA_MARKOV`` starts from; 0.05 to 0.5 did about as well."""

MOST_USERS: Final = 50_000
"""Moves are learned from about so many users at most."""


class Markov:
    """A user's next mix is p T: p the user's running average (rate 1: the last mix), T (K, K) a transition
    matrix that all users share.

    T minimises Σ ‖q - p T‖² + r ‖T - I‖² over the averages p of users and their next mixes q, so that
    T = (PᵀP + r I)⁻¹ (PᵀQ + r I): ridge regression shrunk towards staying. Its rows sum to 1 by themselves;
    negative entries are set to 0 and the rows rescaled. r is ``parameter`` times the mean diagonal of PᵀP.
    Source: Lee, Judge & Zellner 1970, "Estimating the Parameters of the Markov Probability Model from
    Aggregate Time Series Data" (least squares on shares).
    """

    parameters: Final = (10.0, 3.0, 1.0, 0.3, 0.1, 0.03)

    def __init__(self, people: Mixes, rate: float = 1.0) -> None:
        """``people``: whose moves are learned; for a window ``cut`` only those that ended before it."""
        self._people = people.select(people.user % (1 + int(people.user.max(initial=0)) // MOST_USERS) == 0)
        self._rate = rate
        self.name: Final = Method.MARKOV if rate == 1 else Method.EMA_MARKOV

    def expect(self, people: Mixes, cut: int, parameter: float) -> Expectation:
        """See ``Forecaster``; ``parameter``: the strength of the shrinkage, > 0."""
        held = latest_average(people, cut, self._rate)
        return Expectation(held.user, held.share @ self.transition(cut, parameter), held.n_events)

    def transition(self, cut: int, strength: float) -> Floats:
        """(K, K) T, rows sum to 1; the identity where nobody has come back yet."""
        windows, held, moved = self._moments
        known = int(np.searchsorted(windows, cut))
        k = held.shape[1]
        ridge = (strength * np.trace(held[known]) / k or 1.0) * np.eye(k)
        fitted = np.linalg.solve(held[known] + ridge, moved[known] + ridge)
        kept = np.maximum(fitted, 0.0)
        return np.asarray(kept / kept.sum(axis=1, keepdims=True))

    @cached_property
    def _moments(self) -> tuple[Ints, Floats, Floats]:
        """(V,) windows in which somebody came back, ascending; PᵀP and PᵀQ of all who had come back before
        each of them and, last, ever: both (V + 1, K, K).
        """
        people, k = self._people, self._people.share.shape[1]
        share, _ = running_average(people, self._rate)
        after = np.flatnonzero(people.user[1:] == people.user[:-1]) + 1
        after = after[np.argsort(people.window[after], kind="stable")]
        windows, starts = np.unique(people.window[after], return_index=True)
        sums = np.zeros((2, len(windows) + 1, k, k))
        for number, rows in enumerate(np.split(after, starts[1:])[: len(windows)], 1):
            sums[0, number] = share[rows - 1].T @ share[rows - 1]
            sums[1, number] = share[rows - 1].T @ people.share[rows]
        held, moved = sums.cumsum(axis=1)
        return windows, held, moved
