"""Profiles as rows of numbers: which items they hold, and the mean of their texts."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recsys_core.recommend.expansion import expand
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommender import Training

Floats = NDArray[np.float32]


def item_rows(profiles: Sequence[Profile], training: Training) -> csr_array:
    """(P, I) float32, 1 where a profile holds an item; typed text counts by its nearest items."""
    held = [np.unique(p.history.items) for p in expand(profiles, training.text_vectors, training.now)]
    ends = np.cumsum([0, *map(len, held)])
    columns = np.concatenate(held) if held else np.zeros(0, np.int64)
    shape = (len(held), training.dataset.n_items)
    return csr_array((np.ones(len(columns), np.float32), columns, ends), shape=shape)


def text_rows(profiles: Sequence[Profile], training: Training) -> Floats:
    """(P, dim) L2-normalised mean of the text vectors of a profile's items and of its typed text.

    A typed text counts as much as one item; items without text don't count; nothing known gives zero.
    """
    own = [p.history.items for p in profiles]
    ends = np.cumsum([0, *map(len, own)])
    columns = np.concatenate(own) if own else np.zeros(0, np.int64)
    shape = (len(own), training.dataset.n_items)
    held = csr_array((np.ones(len(columns), np.float32), columns, ends), shape=shape)
    held.sum_duplicates()
    held.data[:] = 1
    typed = np.zeros((len(profiles), training.text_vectors.shape[1]), np.float32)
    for row, profile in enumerate(profiles):
        if profile.text_vector is not None:
            typed[row] = profile.text_vector
    return mean_text(held, training.text_vectors, typed)


def mean_text(held: csr_array, text_vectors: Floats, typed: Floats | None = None) -> Floats:
    """(P, dim) L2-normalised sums of the text vectors (I, dim) of the items ``held`` (P, I)."""
    sums = held @ text_vectors
    return unit_rows(sums if typed is None else sums + typed)


def unit_rows(rows: Floats) -> Floats:
    """Each row by its L2 norm; zero rows stay zero."""
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Floats = np.divide(rows, norms, out=np.zeros_like(rows, np.float32), where=norms > 0)
    return unit
