"""Who took what as a sparse matrix, laid out a few million events at a time."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recsys_core.catalogue.dataset import PIECE_EVENTS, Dataset

Rows = NDArray[np.int64]
Flags = NDArray[np.bool_]
_LARGEST = np.iinfo(np.int32).max


def taken_by(dataset: Dataset, items: Rows, counting: Flags | None = None) -> csr_array:
    """(U, len(items)) float32, 1 where a user took one of ``items``, row numbers, ascending; columns within a
    row ascend. Only by the events where ``counting`` (E,) is true, if given.

    It takes 8 bytes for each 1, and what one piece of events takes while it is gone through.
    """
    column = np.full(dataset.n_items, -1)
    column[items] = np.arange(len(items))
    parts, sizes, at = [np.zeros(0, np.int32)], np.zeros(dataset.n_users, np.int64), 0
    for piece in dataset.pieces(PIECE_EVENTS):
        place = column[piece.item]
        some = place >= 0
        if counting is not None:
            some &= counting[at : at + piece.n_events]
        pairs = np.unique(piece.user[some] * max(len(items), 1) + place[some])
        owner = pairs // max(len(items), 1)
        first, last = (int(owner[0]), int(owner[-1]) + 1) if len(owner) else (0, 0)
        sizes[first:last] += np.bincount(owner - first, minlength=last - first)
        parts.append((pairs % max(len(items), 1)).astype(np.int32))
        at += piece.n_events
    ends = np.append(0, np.cumsum(sizes))
    indices = np.concatenate(parts)
    kind = np.int32 if len(indices) < _LARGEST else np.int64
    ones = np.ones(len(indices), np.float32)
    taken = csr_array(
        (ones, indices.astype(kind, copy=False), ends.astype(kind)), (dataset.n_users, len(items))
    )
    taken.has_canonical_format = True
    return taken


def users_with(dataset: Dataset, events: Flags) -> Flags:
    """(U,) who has any of the ``events`` (E,)."""
    found, at = np.zeros(dataset.n_users, np.bool_), 0
    for piece in dataset.pieces(PIECE_EVENTS):
        found[piece.user[events[at : at + piece.n_events]]] = True
        at += piece.n_events
    return found
