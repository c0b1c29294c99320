"""The first k of a weighted sum, where some of its parts need not be scored for every item."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from recsys_core.recommend.blend_weights import blended
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommend import places_of, top
from recsys_core.recommend.recommender import Bounded, Recommender

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]
Weighed = Sequence[tuple[Recommender, float]]
ROUNDING = 1e-3
MOST = 0.1  # of all items; above it, scoring all is quicker


def shortlist(
    members: Weighed, profile: Profile, excluded: Rows | None, k: int
) -> tuple[Rows, Floats] | None:
    """Positions and scores of the k best items, best first, by Σ weight × standardised score; None where
    that is not quicker than to score every item.

    The ``Bounded`` members are asked only about the items that can still get among the first k: what the
    others say of an item, plus the most that the bounded ones can add, must reach the k-th best that is
    certain (the threshold algorithm, Fagin, Lotem and Naor 2001). So the list is that of an exact search.
    """
    bounded = [(one, weight) for one, weight in members if isinstance(one, Bounded)]
    others = [(one, weight) for one, weight in members if not isinstance(one, Bounded)]
    if not bounded or not others or k < 1:
        return None
    scored, say = [one.score([profile]) for one, _ in others], [np.array([weight]) for _, weight in others]
    known = blended(scored, say)[0]
    parts = [_Part(one, weight, profile) for one, weight in bounded]
    certain = top(known, excluded, k)
    if not len(certain):
        return certain, known[certain]
    least = (known[certain] + sum(part.at(certain) for part in parts)).min()
    possible = np.flatnonzero(known >= least - sum(part.most for part in parts) - ROUNDING)
    if len(possible) > MOST * len(known):
        return None
    scores = (known[possible] + sum(part.at(possible) for part in parts)).astype(np.float32)
    best = top(scores, None if excluded is None else places_of(excluded, possible), k)
    return possible[best], scores[best]


class _Part:
    """What one bounded member adds for one person: ``most`` to any item, ``at`` given ones."""

    def __init__(self, member: Bounded, weight: float, profile: Profile) -> None:
        self._member, self._profile = member, profile
        self._outline = member.outline(profile)
        self._unit = weight / self._outline.spread if self._outline.spread > 1e-9 else 0.0
        self.most = self._unit * (self._outline.most - self._outline.mean)

    def at(self, places: Rows) -> Floats:
        """(k,) weight × standardised score."""
        scores: Floats = self._unit * (self._member.score_at(self._profile, places) - self._outline.mean)
        return scores
