"""Who took what as a sparse matrix, laid out a few million events at a time."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recsys_core.catalogue.dataset import PIECE_EVENTS, Dataset
from recsys_core.catalogue.gathering import gathered

Rows = NDArray[np.int64]
Flags = NDArray[np.bool_]
_LARGEST = np.iinfo(np.int32).max


def taken_by(dataset: Dataset, items: Rows, counting: Flags | None = None) -> csr_array:
    """(U, len(items)) float32, 1 where a user took one of ``items``, row numbers, ascending; columns within a
    row ascend. Only by the events where ``counting`` (E,) is true, if given.

    It takes 8 bytes for each 1, on disk where the events are many, and what one piece of events takes while
    it is gone through.
    """
    column = np.full(dataset.n_items, -1)
    column[items] = np.arange(len(items))
    sizes = np.zeros(dataset.n_users, np.int64)
    ones, indices = gathered(_rows(dataset, column, sizes, counting), dataset.room)
    kind = np.int32 if len(indices) < _LARGEST else np.int64
    ends = np.append(0, np.cumsum(sizes)).astype(kind)
    taken = csr_array((ones, indices.astype(kind, copy=False), ends), (dataset.n_users, len(items)))
    taken.has_canonical_format = True
    return taken


def _rows(
    dataset: Dataset, column: Rows, sizes: Rows, counting: Flags | None
) -> Iterator[tuple[NDArray[np.float32], NDArray[np.int32]]]:
    """The ones and their columns, some users after another, whose ``sizes`` (U,) are counted on the way."""
    n, at = max(int(column.max(initial=0)) + 1, 1), 0
    for piece in dataset.pieces(PIECE_EVENTS):
        place = column[piece.item]
        some = place >= 0
        if counting is not None:
            some &= counting[at : at + piece.n_events]
        pairs = np.unique(piece.user[some] * n + place[some])
        owner = pairs // n
        first, last = (int(owner[0]), int(owner[-1]) + 1) if len(owner) else (0, 0)
        sizes[first:last] += np.bincount(owner - first, minlength=last - first)
        yield np.ones(len(pairs), np.float32), (pairs % n).astype(np.int32)
        at += piece.n_events


def users_with(dataset: Dataset, events: Flags) -> Flags:
    """(U,) who has any of the ``events`` (E,)."""
    found, at = np.zeros(dataset.n_users, np.bool_), 0
    for piece in dataset.pieces(PIECE_EVENTS):
        found[piece.user[events[at : at + piece.n_events]]] = True
        at += piece.n_events
    return found
