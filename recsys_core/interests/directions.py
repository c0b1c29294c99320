"""Directions: vectors of length one, and the few axes along which they differ most."""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
_ROWS: Final = 50_000
"""Rows that are worked on at once, in whatever precision."""


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """(N, p) → (N, p) float32 rows of length one; zero rows stay zero."""
    return _a_few_at_a_time(_unit, vectors)


def directions(
    vectors: NDArray[np.float32], mean: NDArray[np.float32], axes: NDArray[np.float32]
) -> NDArray[np.float32]:
    """(N, dim) → (N, p): unit length, ``mean`` (dim,) taken off, onto ``axes`` (dim, p), unit length.

    A zero vector gives a zero row only where ``mean`` is zero: leave such rows out before.
    """
    return _a_few_at_a_time(lambda some: _unit(np.asarray((_unit(some) - mean) @ axes, np.float32)), vectors)


def principal_axes(vectors: NDArray[np.float32], most: int) -> NDArray[np.float32]:
    """The (dim, p) orthonormal axes of largest variance of ``vectors`` (N, dim), p ≤ ``most``.

    Eigenvectors of the covariance (PCA), largest first; each points where its largest entry is
    positive, so that they are the same on every machine. Axes without variance are left out, but
    there is always one.
    """
    mean = vectors.mean(axis=0)
    covariance = np.zeros((vectors.shape[1], vectors.shape[1]))
    for start in range(0, len(vectors), _ROWS):
        centred = vectors[start : start + _ROWS] - mean
        covariance += centred.T.astype(np.float64) @ centred
    variance, axes = np.linalg.eigh(covariance)
    kept = max(1, min(most, int(np.sum(variance > 1e-9 * max(variance[-1], 1e-12)))))
    axes = axes[:, ::-1][:, :kept]
    signs = np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(kept)])
    return np.asarray(axes * signs, np.float32)


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(length > 0, length, 1.0), np.float32)


def _a_few_at_a_time(of: Callable[[Floats], Floats], vectors: Floats) -> Floats:
    """What ``of`` makes of the rows (N, dim), which lays out nothing as long as they are."""
    first = of(vectors[:_ROWS])
    whole = np.empty((len(vectors), first.shape[1]), np.float32)
    whole[:_ROWS] = first
    for start in range(_ROWS, len(vectors), _ROWS):
        whole[start : start + _ROWS] = of(vectors[start : start + _ROWS])
    return whole
