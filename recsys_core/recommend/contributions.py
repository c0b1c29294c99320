"""How a score is put together: what each thing known about a person adds to it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommender import Recommender

Rows = NDArray[np.int64]
Numbers = NDArray[np.float64]
Score = Callable[[Sequence[Profile]], NDArray[np.float32]]
MOST_ITEMS = 40


@dataclass(frozen=True, eq=False)
class Contributions:
    """``at``: (2 + H, k) signed parts of the scores of k target items, each column summing to its score:
    first what anyone would get (popularity), then each of H history items, last the typed text. ``mean``:
    (2 + H,) the mean of each part over all T target items. ``full``: (T,) the scores themselves.
    """

    at: Numbers
    mean: Numbers
    full: Numbers

    def scaled(self, factor: float) -> "Contributions":
        """All of it times ``factor``."""
        return Contributions(self.at * factor, self.mean * factor, self.full * factor)

    def standardised(self) -> "Contributions":
        """Of the score at mean 0 and standard deviation 1 over the target's items, each part about its own
        mean; scores that are all alike become 0.
        """
        spread = float(self.full.std())
        unit = 1 / spread if spread > 1e-9 else 0.0
        centred = (self.at - self.mean[:, None], np.zeros_like(self.mean), self.full - self.full.mean())
        return Contributions(*centred).scaled(unit)

    def to_unit_top(self) -> "Contributions":
        """Divided by the highest score, where that is above 0."""
        top = float(self.full.max())
        return self.scaled(1 / top if top > 0 else 1.0)

    def plus(self, other: "Contributions") -> "Contributions":
        """Part by part, of the sum of two scores."""
        return Contributions(self.at + other.at, self.mean + other.mean, self.full + other.full)


@runtime_checkable
class Additive(Protocol):
    """A recommender whose score, its scale fixed, is a sum over what is known of a person."""

    def contributions(self, profile: Profile, items: Rows, places: Rows) -> Contributions:
        """The parts of ``profile``'s scores at positions ``places`` (k,) of the target's items; ``items``:
        (H,) the distinct items of its history.
        """


def contributions_of(recommender: Recommender, profile: Profile, items: Rows, places: Rows) -> Contributions:
    """Exact where the recommender is ``Additive``, else by leave-one-out."""
    if isinstance(recommender, Additive):
        return recommender.contributions(profile, items, places)
    return left_out(recommender, profile, items, places)


def left_out(recommender: Recommender, profile: Profile, items: Rows, places: Rows) -> Contributions:
    """By ``parts_left_out`` of the recommender's scores."""
    parts, full = parts_left_out(recommender.score, profile, items)
    return Contributions(parts[:, places], parts.mean(1), full)


def parts_left_out(score: Score, profile: Profile, items: Rows) -> tuple[Numbers, Numbers]:
    """(2 + H, T) rows that sum to the (T,) ``score`` of ``profile``, and that score.

    Each thing known has what the score falls by without it alone (leave-one-out), and what remains of the
    way from the score of a person of whom nothing is known is shared evenly: the egalitarian non-separable
    contribution value (Moulin 1985). Exact for sums, in the order of leave-one-out for all. Of long histories
    the newest 40 items are left out one by one; older ones have no part.
    """
    tried = newest_items(profile)
    without = [profile.without_item(item) for item in tried]
    without += [profile.without_text()] if profile.has_text else []
    scores = score([profile, Profile.nothing(), *without]).astype(np.float64)  # (2 + C, T)
    full, nothing = scores[0], scores[1]
    parts = np.zeros((2 + len(items), len(full)))
    parts[0] = nothing
    causes = [*np.searchsorted(items, tried).tolist(), *([len(items)] if profile.has_text else [])]
    if causes:
        falls = full - scores[2:]
        parts[[cause + 1 for cause in causes]] = falls + (full - nothing - falls.sum(0)) / len(causes)
    else:
        parts[0] = full
    return parts, full


def newest_items(profile: Profile, most: int = MOST_ITEMS) -> list[int]:
    """Distinct item rows of the history, newest first, at most ``most``."""
    return list(dict.fromkeys(profile.history.items[::-1].tolist()))[:most]
