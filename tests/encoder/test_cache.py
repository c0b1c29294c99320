from pathlib import Path

import numpy as np
import pytest

from recsys_core.encoder.cache import VectorCache
from recsys_core.encoder.loading import load_encoder
from recsys_core.progress import Silent


class Counting(Silent):
    """Remembers how many texts were encoded."""

    def __init__(self) -> None:
        self.encoded = 0

    def advance(self, done: float, total: float, message: str = "") -> None:
        self.encoded = max(self.encoded, int(total))


@pytest.fixture
def cache(tmp_path: Path) -> VectorCache:
    return VectorCache(tmp_path)


def test_only_new_text_is_encoded(cache: VectorCache) -> None:
    encoder, first, second = load_encoder(), Counting(), Counting()
    one = cache.encode(encoder, ["tea", "pan", "tea", ""], first)
    two = cache.encode(encoder, ["pan", "cup", "tea"], second)
    assert (first.encoded, second.encoded) == (2, 1)
    np.testing.assert_array_equal(one[[1, 0]], two[[0, 2]])


def test_an_empty_text_is_the_zero_vector(cache: VectorCache) -> None:
    assert not cache.encode(load_encoder(), [""]).any()


def test_a_half_written_shard_is_never_read(cache: VectorCache) -> None:
    encoder = load_encoder()
    cache.encode(encoder, ["tea"])
    (cache.folder / encoder.fingerprint / "dead.writing").write_bytes(b"half")
    assert cache.encode(encoder, ["tea"]).shape == (1, 384)
