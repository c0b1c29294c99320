"""Points on the unit sphere → positions in the plane, by UMAP."""

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recsys_core.interests.directions import principal_axes
from recsys_core.interests.nearest import nearest
from recsys_core.interests.space import NEIGHBOURS

FEWEST_FOR_UMAP = 40
_ROUNDS = 300


def embed(points: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """(F, p) unit rows → (F, 2) float32 positions; same rng state, same positions.

    UMAP (McInnes et al. 2018) on the exact 15 nearest neighbours by cosine, started from the first two
    principal axes, which keeps the large-scale order (Kobak & Linderman 2021). Below 40 points, those
    axes themselves.
    """
    start = _start(points, rng)
    if len(points) < FEWEST_FOR_UMAP:
        return start
    rows, similarity = nearest(points, points, NEIGHBOURS)
    distance = np.maximum(1 - similarity, 0)
    seed = int(rng.integers(2**31))
    reducer = _umap_class()(
        n_neighbors=NEIGHBOURS,
        metric="cosine",
        init=start,
        n_epochs=_ROUNDS,
        min_dist=0.1,
        random_state=seed,
        n_jobs=1,
        precomputed_knn=(rows, distance, None),
    )
    with warnings.catch_warnings():
        # We place new points ourselves, so UMAP need not be able to.
        warnings.filterwarnings("ignore", r"precomputed_knn\[2\]", UserWarning)
        # Duplicates far from everything else are still given a position.
        warnings.filterwarnings("ignore", ".*vertices were disconnected", UserWarning)
        positions = reducer.fit_transform(points)
    return np.asarray(positions, np.float32)


def _umap_class() -> Any:
    with warnings.catch_warnings():
        # Parametric UMAP, which we do not use, needs a library we do not install.
        warnings.filterwarnings("ignore", "Tensorflow not installed", ImportWarning)
        from umap import UMAP
    return UMAP


def _start(points: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """(F, 2) the first two principal axes, with noise of a thousandth so that no two points coincide."""
    centred = points - points.mean(axis=0)
    flat = np.zeros((len(points), 2))
    axes = principal_axes(points, 2)
    flat[:, : axes.shape[1]] = centred @ axes
    noise = rng.normal(scale=max(flat.std(), 1e-6) / 1000, size=flat.shape)
    return np.asarray(flat + noise, np.float32)
