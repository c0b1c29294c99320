"""Why an item is in the list: what the score would be without each thing known."""

import numpy as np
from numpy.typing import NDArray

from recsys_core.catalogue.dataset import Dataset
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommendation import Reason
from recsys_core.recommend.recommender import Recommender

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]
MOST_ITEMS = 100
LEAST_SHARE = 0.005
POPULARITY, YOUR_TEXT = "popularity", "your text"


def reasons(
    recommender: Recommender, dataset: Dataset, profile: Profile, places: Rows
) -> tuple[tuple[Reason, ...], ...]:
    """Per position in ``places`` (k,) of the target's items its reasons, largest share first.

    Popularity's part is the score for someone of whom nothing is known; the rest of the score belongs
    to the history items and the typed text, each by how far the score falls without it alone
    (leave-one-out). What speaks against the item is no reason. For scores that add up over the history
    this is the exact split, where nothing speaks against; for others the order is leave-one-out's. The
    shares of an item sum to at most 1. The newest 100 items are looked at; shares under 0.005 are
    dropped.
    """
    items = newest_items(profile)
    without = [profile.without_item(item) for item in items]
    if profile.has_text:
        without.append(profile.without_text())
    scores = recommender.score([profile, Profile.nothing(), *without])[:, places]
    shares = split_score(scores[0], scores[1], scores[2:])
    causes = _causes(dataset, profile, items)
    return tuple(_sorted(causes, column) for column in shares.T)


def split_score(full: Floats, nothing: Floats, without: Floats) -> Floats:
    """(1 + H, k) shares in [0, 1] of popularity and of H causes, from the scores (k,) with everything
    and with nothing known, and (H, k) without each cause; columns sum to at most 1.
    """
    popular = nothing.clip(min=0)
    falls = (full - without).clip(min=0)
    total = falls.sum(0)
    known = (full - popular).clip(min=0)
    parts = np.divide(falls * known, total, out=np.zeros_like(falls), where=total > 0)
    both = np.vstack([popular[None], parts])
    whole = np.maximum(full, popular)
    shares: Floats = np.divide(both, whole, out=np.zeros_like(both), where=whole > 0)
    return shares


def newest_items(profile: Profile, most: int = MOST_ITEMS) -> list[int]:
    """Distinct item rows of the history, newest first, at most ``most``."""
    return list(dict.fromkeys(profile.history.items[::-1].tolist()))[:most]


def _causes(dataset: Dataset, profile: Profile, items: list[int]) -> list[tuple[str, int | None]]:
    causes: list[tuple[str, int | None]] = [(POPULARITY, None)]
    causes += [(dataset.label(item), item) for item in items]
    return [*causes, (YOUR_TEXT, None)] if profile.has_text else causes


def _sorted(causes: list[tuple[str, int | None]], shares: Floats) -> tuple[Reason, ...]:
    order = np.argsort(-shares, kind="stable").tolist()
    told = ((causes[i], float(shares[i])) for i in order if shares[i] >= LEAST_SHARE)
    return tuple(Reason(label, item, share) for (label, item), share in told)
