import numpy as np
import pytest

from recsys_core.encoder.loading import load_encoder
from recsys_core.encoder.text_encoder import TextEncoder, length_sorted_batches

TEXTS = [
    "Green tea",
    "A cast-iron frying pan with a very long handle and two spouts",
    "Space opera",
    "Tea, green, loose leaf",
]


@pytest.fixture(scope="module")
def encoder() -> TextEncoder:
    return load_encoder()


def test_vectors_are_those_of_sentence_transformers(encoder: TextEncoder) -> None:
    from sentence_transformers import SentenceTransformer

    expected = SentenceTransformer(str(encoder.folder)).encode(TEXTS)
    cosines = (encoder.encode(TEXTS) * expected).sum(axis=1)
    assert cosines.min() > 0.999


def test_order_is_kept_and_likeness_is_likeness(encoder: TextEncoder) -> None:
    vectors = encoder.encode(TEXTS)
    assert vectors.shape == (4, 384)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    likeness = vectors @ vectors[0]
    assert likeness.argsort()[-2] == 3


def test_no_text_gives_no_vectors(encoder: TextEncoder) -> None:
    assert encoder.encode([]).shape == (0, 384)


def test_batches_hold_every_text_once_and_like_lengths() -> None:
    lengths = [5] * 10 + [9] * 3 + [700] + [6] * 2
    batches = list(length_sorted_batches(lengths))
    assert sorted(np.concatenate(batches).tolist()) == list(range(16))
    assert batches[0].tolist() == list(range(10))
