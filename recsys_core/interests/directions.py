"""Directions: vectors of length one, and the few axes along which they differ most."""

import numpy as np
from numpy.typing import NDArray


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """(N, p) → (N, p) float32 rows of length one; zero rows stay zero."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(length > 0, length, 1.0), np.float32)


def directions(
    vectors: NDArray[np.float32], mean: NDArray[np.float32], axes: NDArray[np.float32]
) -> NDArray[np.float32]:
    """(N, dim) → (N, p): unit length, ``mean`` (dim,) taken off, onto ``axes`` (dim, p), unit length.

    A zero vector gives a zero row only where ``mean`` is zero: leave such rows out before.
    """
    return unit(np.asarray((unit(vectors) - mean) @ axes, np.float32))


def principal_axes(vectors: NDArray[np.float32], most: int) -> NDArray[np.float32]:
    """The (dim, p) orthonormal axes of largest variance of ``vectors`` (N, dim), p ≤ ``most``.

    Eigenvectors of the covariance (PCA), largest first; each points where its largest entry is
    positive, so that they are the same on every machine. Axes without variance are left out, but
    there is always one.
    """
    centred = vectors - vectors.mean(axis=0)
    variance, axes = np.linalg.eigh(centred.T.astype(np.float64) @ centred)
    kept = max(1, min(most, int(np.sum(variance > 1e-9 * max(variance[-1], 1e-12)))))
    axes = axes[:, ::-1][:, :kept]
    signs = np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(kept)])
    return np.asarray(axes * signs, np.float32)
