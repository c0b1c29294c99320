"""The inverse of a symmetric matrix, in place of the matrix."""

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.lapack import spotrf, spotri

Floats = NDArray[np.float32]
BLOCK = 1_000


def inverse_of(gram: Floats, strength: float) -> Floats:
    """(U, U) inverse of ``gram`` + strength · 1, positive definite, which overwrites ``gram``.

    By Cholesky's factor (LAPACK ``potrf`` and ``potri``): U³ multiplications, where solving for the columns
    of the unit matrix takes 7/3 as many. Raises LinAlgError where it is not positive definite.
    """
    if not len(gram):
        return gram
    gram.flat[:: len(gram) + 1] += strength
    factor, broke_at = spotrf(gram.T, lower=1, clean=0, overwrite_a=1)
    if broke_at:
        raise np.linalg.LinAlgError(f"The matrix is not positive definite, by its first {broke_at} rows.")
    lower, _ = spotri(factor, lower=1, overwrite_c=1)
    _mirror(lower)
    inverse: Floats = lower.T
    return inverse


def _mirror(lower: Floats) -> None:
    """Write the lower triangle over the upper one, by blocks so that no second matrix is laid out."""
    for at in range(0, len(lower), BLOCK):
        end = min(at + BLOCK, len(lower))
        corner = np.tril(lower[at:end, at:end])
        lower[at:end, at:end] = corner + np.tril(corner, -1).T
        lower[at:end, end:] = lower[end:, at:end].T
