"""Clusters of directions: spherical k-means at the finest level, merged upwards so that levels nest."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from recsys_core.interests.directions import directions, principal_axes, unit

_AXES = 64
_STARTS = 4
_ROUNDS = 50
_FIT_ON = 50_000
_ITEMS_PER_CLUSTER = 30


@dataclass(frozen=True)
class Clusters:
    """``labels``: (L, N) int64, per level 0 … K-1 by falling size, -1 for what belongs to none; a finer label
    determines the coarser ones. ``parents``: per level, (K,) int64 label one level up (-1 at level 0).
    """

    labels: NDArray[np.int64]
    parents: tuple[NDArray[np.int64], ...]


def default_levels(n_items: int, coarsest: int = 8) -> tuple[int, ...]:
    """How many interests at each level: ``coarsest``, then about three and ten times as many (8, 25, 80)
    while that leaves 30 items to each; never more than items.
    """
    finer = [k for k in (3 * coarsest + 1, 10 * coarsest) if n_items >= _ITEMS_PER_CLUSTER * k]
    first = max(1, min(coarsest, n_items))
    return (first, *finer)


def nested_clusters(
    vectors: NDArray[np.float32], levels: Sequence[int], rng: np.random.Generator, starts: int = _STARTS
) -> Clusters:
    """Cluster ``vectors`` (N, dim), none of them zero, into ``levels`` of so many clusters.

    Unit vectors, centred, onto their first 64 principal axes, spherical k-means (Dhillon & Modha
    2001) at the finest level; coarser levels by Ward's merging of its centroids weighted by size
    (Ward 1963), so every finer cluster lies in one coarser one. Levels with more clusters than there
    are distinct vectors shrink. The best of ``starts`` starts. Same rng state, same result.
    """
    points = centred(vectors)
    finest = spherical_k_means(points, max(levels), rng, starts)
    n_finest = int(finest.max()) + 1
    steps = _ward(points, finest, n_finest)
    return nested([steps[min(k, n_finest)][finest] for k in sorted(levels)])


def nested(levels: Sequence[NDArray[np.int64]]) -> Clusters:
    """Clusters of ``levels`` of labels (N,), coarse to fine, numbered anew by size; each finer label lies in
    one coarser one.
    """
    labels = [_by_size(level) for level in levels]
    parents = [np.full(labels[0].max() + 1, -1, np.int64)]
    for coarse, fine in pairwise(labels):
        first = np.unique(fine, return_index=True)[1]
        parents.append(coarse[first])
    return Clusters(np.stack(labels), tuple(parents))


def spherical_k_means(
    points: NDArray[np.float32], k: int, rng: np.random.Generator, starts: int = _STARTS
) -> NDArray[np.int64]:
    """Labels (N,) of unit ``points`` (N, p): the best of ``starts`` k-means++ starts by total cosine.

    At most ``k`` clusters, fewer where there are fewer distinct points; none is empty. Fitted on a
    random 50,000 points where there are more, the rest go to the nearest centroid.
    """
    sample = points
    if len(points) > _FIT_ON:
        sample = points[np.sort(rng.choice(len(points), _FIT_ON, replace=False))]
    runs = [_one_start(sample, k, rng) for _ in range(starts)]
    centroids = max(runs, key=lambda run: run[1])[0]
    labels = _assign(points, centroids)[0]
    return np.unique(labels, return_inverse=True)[1].astype(np.int64)


def centred(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """(N, p) unit points in which clusters are sought, p ≤ 64."""
    rows = unit(vectors)
    return directions(rows, rows.mean(axis=0), principal_axes(rows, _AXES))


def centroids_of(points: NDArray[np.float32], labels: NDArray[np.int64]) -> NDArray[np.float32]:
    """(K, p) direction of the mean of each label's points (N, p)."""
    return unit(_sums(points, labels, int(labels.max()) + 1))


def _one_start(
    points: NDArray[np.float32], k: int, rng: np.random.Generator
) -> tuple[NDArray[np.float32], float]:
    """Centroids (≤ k, p) and the total cosine reached."""
    centroids = _spread_out(points, k, rng)
    total = -np.inf
    for _ in range(_ROUNDS):
        labels, cosine = _assign(points, centroids)
        if cosine.sum() <= total * (1 + 1e-6):
            break
        total = float(cosine.sum())
        centroids = unit(_sums(points, labels, len(centroids)))
    return centroids, total


def _spread_out(points: NDArray[np.float32], k: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """k-means++ (Arthur & Vassilvitskii 2007): each next centroid drawn by its squared distance."""
    chosen = [int(rng.integers(len(points)))]
    distance = np.maximum(1.0 - points @ points[chosen[0]], 0.0)
    while len(chosen) < k and distance.max() > 1e-6:
        cumulative = np.cumsum(np.where(distance > 1e-6, distance, 0.0), dtype=np.float64)
        drawn = int(np.searchsorted(cumulative, rng.random() * cumulative[-1], side="right"))
        chosen.append(min(drawn, len(points) - 1))
        distance = np.minimum(distance, np.maximum(1.0 - points @ points[chosen[-1]], 0.0))
    return points[chosen]


def _assign(
    points: NDArray[np.float32], centroids: NDArray[np.float32]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    cosine = points @ centroids.T  # (N, K)
    labels = cosine.argmax(axis=1)
    return labels, cosine[np.arange(len(points)), labels]


def _sums(points: NDArray[np.float32], labels: NDArray[np.int64], k: int) -> NDArray[np.float32]:
    """(k, p) sum of the points of each label."""
    from scipy.sparse import csr_array

    members = csr_array(
        (np.ones(len(points), np.float32), (labels, np.arange(len(points)))), (k, len(points))
    )
    return np.asarray(members @ points, np.float32)


def _ward(points: NDArray[np.float32], labels: NDArray[np.int64], k: int) -> dict[int, NDArray[np.int64]]:
    """For every number of clusters j ≤ k, the merged label of each finest label (k,)."""
    size = np.bincount(labels, minlength=k).astype(np.float64)
    mean = _sums(points, labels, k) / size[:, None]
    merged = np.arange(k)
    steps = {k: merged.copy()}
    for count in range(k - 1, 0, -1):
        a, b = _cheapest_pair(mean, size)
        mean[a] = (size[a] * mean[a] + size[b] * mean[b]) / (size[a] + size[b])
        size[a], size[b] = size[a] + size[b], 0.0
        merged[merged == b] = a
        steps[count] = merged.copy()
    return steps


def _cheapest_pair(mean: NDArray[np.float64], size: NDArray[np.float64]) -> tuple[int, int]:
    """The two living clusters (size > 0) whose merging adds the least squared distance."""
    alive = np.flatnonzero(size)
    gap = np.square(mean[alive][:, None] - mean[alive][None]).sum(axis=2)
    weight = size[alive][:, None] * size[alive] / (size[alive][:, None] + size[alive])
    cost = gap * weight + np.diag(np.full(len(alive), np.inf))
    first, second = divmod(int(cost.argmin()), len(alive))
    return int(alive[min(first, second)]), int(alive[max(first, second)])


def _by_size(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """The same clusters numbered 0 … K-1, the largest first."""
    _, labels, size = np.unique(labels, return_inverse=True, return_counts=True)
    rank = np.empty(len(size), np.int64)
    rank[np.argsort(-size, kind="stable")] = np.arange(len(size))
    return rank[labels]
