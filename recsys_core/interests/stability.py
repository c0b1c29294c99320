"""Whether the same interests come out when the items are drawn anew."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recsys_core.interests.clusters import Clusters, nested_clusters
from recsys_core.parts import Parts
from recsys_core.progress import Progress

REPEATS: Final = 20
_DRAWN_AT_MOST = 5_000
_STARTS = 2


@dataclass(frozen=True, eq=False)
class Stability:
    """``ari``: (L,) per level, coarse to fine, the mean adjusted Rand index of the ``repeats`` with the
    clusters found, at most 1; 0 is chance, 1 the same clusters every time. ``low``, ``high``: (L,) its 5th
    and 95th percentile over repeats. ``jaccard``: one per interest, its row in the table: the mean overlap in
    [0, 1] with the cluster most like it in each repeat; NaN for "Unclear". ``n_drawn``: items in each repeat.
    """

    ari: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    jaccard: NDArray[np.float64]
    repeats: int
    n_drawn: int

    def parts(self) -> Parts:
        """What is saved."""
        arrays = {"stability_levels": np.stack([self.ari, self.low, self.high]), "jaccard": self.jaccard}
        return Parts({"repeats": self.repeats, "n_drawn": self.n_drawn}, arrays=arrays)

    @classmethod
    def from_parts(cls, parts: Parts) -> "Stability":
        """The inverse of ``parts``."""
        ari, low, high = np.asarray(parts.arrays["stability_levels"], np.float64)
        jaccard = np.asarray(parts.arrays["jaccard"], np.float64)
        return cls(ari, low, high, jaccard, int(parts.document["repeats"]), int(parts.document["n_drawn"]))


def cluster_stability(
    vectors: NDArray[np.float32],
    found: Clusters,
    rng: np.random.Generator,
    progress: Progress,
    repeats: int = REPEATS,
) -> Stability:
    """How far ``found``, the clusters of ``vectors`` (N, dim), come out again on bootstrap samples.

    Each repeat draws as many items as there are (at most 5,000) with replacement, clusters them anew, axes
    and all levels included, and is compared with ``found`` on the items drawn: the adjusted Rand index
    (Hubert & Arabie 1985), and for each cluster the largest Jaccard overlap (Hennig 2007). ``jaccard`` has
    one value per cluster, level after level. What ``found`` leaves in no cluster is not compared.
    """
    from sklearn.metrics import adjusted_rand_score

    n_drawn = min(len(vectors), _DRAWN_AT_MOST)
    sizes = [len(parents) for parents in found.parents]
    ari = np.empty((repeats, len(sizes)))
    overlap = np.empty((repeats, sum(sizes)))
    for repeat in range(repeats):
        progress.check_cancelled()
        drawn = rng.integers(len(vectors), size=n_drawn)
        rows, first = np.unique(drawn, return_index=True)
        belongs = found.labels[0, rows] >= 0
        rows, first = rows[belongs], first[belongs]
        again = nested_clusters(vectors[drawn], sizes, rng, starts=_STARTS).labels[:, first]
        before = found.labels[:, rows]
        ari[repeat] = [adjusted_rand_score(a, b) for a, b in zip(before, again, strict=True)]
        overlap[repeat] = np.concatenate(
            [_best_overlap(a, b, k) for a, b, k in zip(before, again, sizes, strict=True)]
        )
    low, high = np.quantile(ari, [0.05, 0.95], axis=0)
    return Stability(ari.mean(axis=0), low, high, _mean_known(overlap), repeats, n_drawn)


def _best_overlap(before: NDArray[np.int64], again: NDArray[np.int64], k: int) -> NDArray[np.float64]:
    """(k,) largest Jaccard overlap of each label of ``before`` (n,) with any of ``again`` (n,); NaN for a
    label that was not drawn.
    """
    both = csr_array((np.ones(len(before)), (before, again)), (k, int(again.max()) + 1)).toarray()
    size, other = both.sum(axis=1, keepdims=True), both.sum(axis=0, keepdims=True)
    best = (both / np.maximum(size + other - both, 1)).max(axis=1)
    return np.where(size[:, 0] > 0, best, np.nan)


def _mean_known(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean of each column without its NaN; NaN where there is nothing else."""
    known = np.isfinite(values)
    n = known.sum(axis=0)
    return np.where(n > 0, np.where(known, values, 0.0).sum(axis=0) / np.maximum(n, 1), np.nan)
