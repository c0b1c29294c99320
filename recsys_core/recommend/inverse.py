"""The inverse of a symmetric matrix, in place of the matrix."""

import ctypes
from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cython_lapack

Floats = NDArray[np.float32]
Routine = Callable[[Floats], int]
BLOCK = 1_000


def inverse_of(gram: Floats, strength: float) -> Floats:
    """(U, U) inverse of ``gram`` + strength · 1, positive definite, which overwrites ``gram``.

    By Cholesky's factor (LAPACK ``potrf`` and ``potri``): U³ multiplications, where solving for the columns
    of the unit matrix takes 7/3 as many. Raises LinAlgError where it is not positive definite.
    """
    if not len(gram):
        return gram
    gram.flat[:: len(gram) + 1] += strength
    lower = np.ascontiguousarray(gram, np.float32).T  # as LAPACK counts; the matrix is symmetric
    if broke_at := _lapack("spotrf")(lower):
        raise np.linalg.LinAlgError(f"The matrix is not positive definite, by its first {broke_at} rows.")
    _lapack("spotri")(lower)
    _mirror(lower)
    inverse: Floats = lower.T
    return inverse


@cache
def _lapack(name: str) -> Routine:
    """A routine of scipy's LAPACK that works in place on the lower triangle of a matrix laid out by columns;
    what it returns is LAPACK's ``info``.

    It is called by its address, since scipy's own wrapper holds Python's lock all the while: for seconds no
    page and no request would be answered.
    """
    capsule, of_capsule = ctypes.py_object(cython_lapack.__pyx_capi__[name]), ctypes.pythonapi
    of_capsule.PyCapsule_GetName.restype = ctypes.c_char_p
    of_capsule.PyCapsule_GetPointer.restype = ctypes.c_void_p
    signature = ctypes.c_char_p(of_capsule.PyCapsule_GetName(capsule))
    address = of_capsule.PyCapsule_GetPointer(capsule, signature)
    routine = ctypes.CFUNCTYPE(None, ctypes.c_char_p, *(ctypes.c_void_p,) * 4)(address)

    def call(lower: Floats) -> int:
        n, info = ctypes.c_int(len(lower)), ctypes.c_int()
        routine(b"L", ctypes.byref(n), lower.ctypes.data, ctypes.byref(n), ctypes.byref(info))
        return info.value

    return call


def _mirror(lower: Floats) -> None:
    """Write the lower triangle over the upper one, by blocks so that no second matrix is laid out."""
    for at in range(0, len(lower), BLOCK):
        end = min(at + BLOCK, len(lower))
        corner = np.tril(lower[at:end, at:end])
        lower[at:end, at:end] = corner + np.tril(corner, -1).T
        lower[at:end, end:] = lower[end:, at:end].T
