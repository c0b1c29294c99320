"""From what an interest state asks for to a place among the items."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
_CHUNK = 512


def expected_items(states: Floats, item_vectors: Floats) -> Floats:
    """(N, dim) mean of ``item_vectors`` (I, dim), each weighted by the softmax of its product with the
    state: the item that the model expects next, popularity left out.

    States (N, dim) are questions and items are answers, so the two may lie apart although they speak of
    the same tastes; the expected answer lies among the answers.
    """
    expected = np.empty((len(states), item_vectors.shape[1]), np.float32)
    for start in range(0, len(states), _CHUNK):
        logits = states[start : start + _CHUNK] @ item_vectors.T  # (n, I)
        weights = np.exp(logits - logits.max(axis=1, keepdims=True))
        weights /= weights.sum(axis=1, keepdims=True)
        expected[start : start + _CHUNK] = weights @ item_vectors
    return expected
