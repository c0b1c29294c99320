"""How well a ranking finds what a person really took: everything from the ranks of their true items.

Ranks come from ``recommend.answers.ranks``: 1 = top, all candidates of the domain ranked, every tie
against the model. Each metric is in [0, 1], one value per person. Those cut at k agree with trec_eval,
where scores are not tied.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recsys_core.recommend.answers import ndcg

Rows = NDArray[np.int64]
Numbers = NDArray[np.float64]


def recall(ranked: Sequence[Rows], k: int = 10) -> Numbers:
    """(P,) true items of rank ≤ k over all true items."""
    return np.array([np.count_nonzero(r <= k) / len(r) for r in ranked], np.float64)


def hit(ranked: Sequence[Rows], k: int = 10) -> Numbers:
    """(P,) 1 where any true item has rank ≤ k, else 0."""
    return np.array([float(r[0] <= k) for r in ranked], np.float64)


def mrr(ranked: Sequence[Rows], k: int = 10) -> Numbers:
    """(P,) 1 / rank of the first true item, 0 where that rank is above k (Voorhees 1999)."""
    return np.array([1 / r[0] if r[0] <= k else 0.0 for r in ranked], np.float64)


def precision(ranked: Sequence[Rows], k: int = 10) -> Numbers:
    """(P,) true items of rank ≤ k over k, the length of a full list."""
    return np.array([np.count_nonzero(r <= k) / k for r in ranked], np.float64)


def f1(ranked: Sequence[Rows], k: int = 10) -> Numbers:
    """(P,) harmonic mean of precision and recall at k, 2 h / (k + n) for h hits of n true items
    (van Rijsbergen 1979); 0 without a hit.
    """
    return np.array([2 * np.count_nonzero(r <= k) / (k + len(r)) for r in ranked], np.float64)


def average_precision(ranked: Sequence[Rows], k: int = 10) -> Numbers:
    """(P,) Σ precision at the rank of each true item of rank ≤ k, over all n true items; its mean over
    people is MAP@k (Buckley and Voorhees 2000). Some authors divide by min(n, k) instead.
    """
    return np.array([_precisions(r[r <= k]) / len(r) for r in ranked], np.float64)


def roc_auc(ranked: Sequence[Rows], n_candidates: Rows) -> Numbers:
    """(P,) the fraction of pairs of a true and another candidate in which the true one stands first, of
    the whole ranking (Hanley and McNeil 1982); a tied pair counts as lost. ``n_candidates``: (P,) how
    many items compete for each person. 0.5 where nothing but true items competes.
    """
    return np.array([_auc(r, n) for r, n in zip(ranked, n_candidates.tolist(), strict=True)], np.float64)


METRICS: Final[Mapping[str, Callable[[Sequence[Rows], int], Numbers]]] = {
    "ndcg": ndcg,
    "recall": recall,
    "hit": hit,
    "mrr": mrr,
}
"""What a run is judged by, and first on the scorecard."""

ALL_METRICS: Final = {**METRICS, "precision": precision, "f1": f1, "map": average_precision}
"""What the scorecard tells of the first k titles."""


def metrics_at(
    ranked: Sequence[Rows],
    k: int = 10,
    metrics: Mapping[str, Callable[[Sequence[Rows], int], Numbers]] = METRICS,
) -> dict[str, Numbers]:
    """Every metric by name, e.g. ``ndcg@10``, per person (P,)."""
    return {f"{name}@{k}": metric(ranked, k) for name, metric in metrics.items()}


def _precisions(ranks: Rows) -> float:
    return float((np.arange(1, len(ranks) + 1) / ranks).sum())


def _auc(ranks: Rows, n_candidates: int) -> float:
    n_true = len(ranks)
    if n_candidates == n_true:
        return 0.5
    others_before = ranks - np.arange(1, n_true + 1)
    return 1 - float(others_before.sum()) / (n_true * (n_candidates - n_true))
