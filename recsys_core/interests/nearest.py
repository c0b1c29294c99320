"""Exact nearest neighbours by dot product, in blocks that bound the memory."""

import numpy as np
from numpy.typing import NDArray

_BLOCK_CELLS = 20_000_000


def nearest(
    queries: NDArray[np.float32], among: NDArray[np.float32], k: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Rows and dot products of the ``k`` nearest of ``among`` (N, p) for each of ``queries`` (Q, p).

    Both (Q, k), nearest first, ties by row number. ``k`` is at most N. Memory: about 250 MB.
    """
    rows = np.empty((len(queries), k), np.int64)
    similarity = np.empty((len(queries), k), np.float32)
    step = max(1, _BLOCK_CELLS // max(1, len(among)))
    for start in range(0, len(queries), step):
        block = slice(start, start + step)
        rows[block], similarity[block] = top(queries[block] @ among.T, k)  # (B, N)
    return rows, similarity


def top(dots: NDArray[np.float32], k: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Places and values, both (Q, k), of the ``k`` largest in each row of ``dots`` (Q, N), largest first."""
    if k < dots.shape[1]:
        places = np.argpartition(-dots, k - 1, axis=1)[:, :k]
    else:
        places = np.broadcast_to(np.arange(k), dots.shape)
    values = np.take_along_axis(dots, places, axis=1)
    order = np.lexsort((places, -values), axis=1)
    return np.take_along_axis(places, order, axis=1), np.take_along_axis(values, order, axis=1)
