"""How well a ranking finds what a person really took: everything from the ranks of their true items.

Ranks come from ``recommend.answers.ranks``: 1 = top, all candidates of the domain ranked, every tie
against the model. Each metric is in [0, 1], one value per person.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recsys_core.evaluation.splits import ColdUsers
from recsys_core.recommend.answers import ndcg, ranks
from recsys_core.recommend.recommender import Recommender

Rows = NDArray[np.int64]
Numbers = NDArray[np.float64]
CHUNK = 256


def recall(ranked: Sequence[Rows], k: int = 10) -> Numbers:
    """(P,) true items of rank ≤ k over all true items."""
    return np.array([np.count_nonzero(r <= k) / len(r) for r in ranked], np.float64)


def hit(ranked: Sequence[Rows], k: int = 10) -> Numbers:
    """(P,) 1 where any true item has rank ≤ k, else 0."""
    return np.array([float(r[0] <= k) for r in ranked], np.float64)


def mrr(ranked: Sequence[Rows], k: int = 10) -> Numbers:
    """(P,) 1 / rank of the first true item, 0 where that rank is above k (Voorhees 1999)."""
    return np.array([1 / r[0] if r[0] <= k else 0.0 for r in ranked], np.float64)


METRICS: Final[Mapping[str, Callable[[Sequence[Rows], int], Numbers]]] = {
    "ndcg": ndcg,
    "recall": recall,
    "hit": hit,
    "mrr": mrr,
}


def metrics_at(ranked: Sequence[Rows], k: int = 10) -> dict[str, Numbers]:
    """Every metric by name, e.g. ``ndcg@10``, per person (P,)."""
    return {f"{name}@{k}": metric(ranked, k) for name, metric in METRICS.items()}


def true_ranks(recommender: Recommender, cold: ColdUsers, items: Rows) -> list[Rows]:
    """Per user the ascending ranks of their true items among ``items`` (T,), the target's rows, less
    what the profile already holds.
    """
    found: list[Rows] = []
    for start in range(0, len(cold), CHUNK):
        profiles, truth = cold.profiles[start : start + CHUNK], cold.truth[start : start + CHUNK]
        scores = np.array(recommender.score(profiles), np.float32)
        for row, profile in enumerate(profiles):
            seen = np.isin(items, profile.history.items)
            seen[truth[row]] = False
            scores[row, seen] = -np.inf
        found += ranks(scores, truth)
    return found
