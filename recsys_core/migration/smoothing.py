"""Smoothing: a forecast mixed with the crowd's mix, so that nothing a user might do has probability 0."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from recsys_core.migration.arrays import Floats
from recsys_core.migration.forecasters import Expectation
from recsys_core.migration.mixes import Mixes
from recsys_core.privacy import SMALLEST_GROUP


@dataclass(frozen=True)
class Smoothing:
    """How much the crowd counts beside a user's own expectation.

    ``by_events``: the weight of the crowd is c / (n + c) for a user of n events (the posterior mean under
    a Dirichlet prior of c events, so that little evidence counts little); else it is c for everybody.
    """

    by_events: bool
    strength: float

    def crowd_weight(self, n_events: Floats) -> Floats:
        """(N,) in (0, 1]."""
        if self.by_events:
            return np.asarray(self.strength / (n_events + self.strength))
        return np.full(len(n_events), self.strength)

    def smoothed(self, expected: Expectation, crowd: Floats) -> Floats:
        """(N, K) (1 - w) · expected + w · crowd, with ``crowd`` (K,) > 0."""
        weight = self.crowd_weight(expected.n_events)[:, None]
        return np.asarray((1 - weight) * expected.share + weight * crowd)


SMOOTHINGS: Final = (
    *(Smoothing(True, c) for c in (0.001, 0.01, 0.1, 0.3, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 100.0)),
    *(Smoothing(False, w) for w in (0.001, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9, 1.0)),
)
"""What is tried for every method alike; the last is the crowd alone."""


def crowd_mix(people: Mixes, cut: int) -> Floats:
    """(K,) > 0, sums to 1: the mean mix of the last window before ``cut`` with at least 10 users (of all
    before it where none has so many), and of one more user who does everything alike.
    """
    past = people.window < cut
    enough = np.flatnonzero(np.bincount(people.window[past], minlength=1) >= SMALLEST_GROUP)
    share = people.share[people.window == enough[-1] if len(enough) else past]
    k = people.share.shape[1]
    return np.asarray((share.sum(axis=0) + 1 / k) / (len(share) + 1))
