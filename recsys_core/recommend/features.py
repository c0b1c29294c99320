"""Profiles as rows of numbers: which items they hold, and the mean of their texts."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array

from recsys_core.recommend.expansion import expand
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommender import Training

Floats = NDArray[np.float32]
Numbers = NDArray[np.float64]
Rows = NDArray[np.int64]


def item_rows(profiles: Sequence[Profile], training: Training) -> csr_array:
    """(P, I) float32, where a profile holds an item how much that counts, 1 unless it was weighed; typed
    text counts by its nearest items.
    """
    return _held(expand(profiles, training.text_vectors, training.now), training)


def text_rows(profiles: Sequence[Profile], training: Training) -> Floats:
    """(P, dim) L2-normalised mean of the text vectors of a profile's items and of its typed text.

    A typed text counts as much as one item; items without text don't count; nothing known gives zero.
    """
    held = _held(profiles, training)
    typed = np.zeros((len(profiles), training.text_vectors.shape[1]), np.float32)
    for row, profile in enumerate(profiles):
        if profile.text_vector is not None:
            typed[row] = profile.text_vector
    return mean_text(held, training.text_vectors, typed)


def mean_text(held: csr_array, text_vectors: Floats, typed: Floats | None = None) -> Floats:
    """(P, dim) L2-normalised sums of the text vectors (I, dim) of the items ``held`` (P, I)."""
    sums = held @ text_vectors
    return unit_rows(sums if typed is None else sums + typed)


def text_by_cause(profile: Profile, items: Rows, training: Training) -> Floats:
    """(2 + H, dim) rows that sum to the profile's ``text_rows``: zero for what anyone would get, then of each
    of its distinct ``items``, last of the typed text.
    """
    _, counts = profile.distinct()
    parts = np.zeros((2 + len(items), training.text_vectors.shape[1]), np.float32)
    parts[1:-1] = training.text_vectors[items] * counts[:, None]
    if profile.text_vector is not None:
        parts[-1] = profile.text_vector
    norm = np.linalg.norm(parts.sum(0))
    return parts / norm if norm > 0 else parts


def by_cause(profile: Profile, items: Rows, parts: Numbers) -> Numbers:
    """(2 + H, k) from ``parts`` (n, k) of the items in ``item_rows``: zero for what anyone would get, then of
    each of the distinct ``items``, last of the typed text, for which its nearest items stand.
    """
    found = np.zeros((2 + len(items), parts.shape[1]))
    if profile.is_empty:
        return found
    if len(items):
        found[1:-1] = parts
    else:
        found[-1] = parts.sum(0)
    return found


def _held(profiles: Sequence[Profile], training: Training) -> csr_array:
    """(P, I) float32, how much each item of the histories counts."""
    pairs = [profile.distinct() for profile in profiles]
    ends = np.cumsum([0, *(len(items) for items, _ in pairs)])
    columns = np.concatenate([items for items, _ in pairs]) if pairs else np.zeros(0, np.int64)
    counts = np.concatenate([counts for _, counts in pairs]) if pairs else np.zeros(0, np.float32)
    return csr_array((counts, columns, ends), shape=(len(pairs), training.dataset.n_items))


def unit_rows(rows: Floats) -> Floats:
    """Each row by its L2 norm; zero rows stay zero."""
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Floats = np.divide(rows, norms, out=np.zeros_like(rows, np.float32), where=norms > 0)
    return unit


def unit_sparse(rows: csr_array) -> csr_array:
    """Each row by its L2 norm; empty rows stay empty."""
    norms = np.sqrt(np.asarray(rows.power(2).sum(1)))
    scale = np.divide(1, norms, out=np.zeros_like(norms), where=norms > 0)
    return csr_array(diags_array(scale.astype(np.float32)) @ rows)
