import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from recsys_core.encoder import cache as caching
from recsys_core.encoder.cache import VectorCache, text_keys
from recsys_core.encoder.loading import load_encoder
from recsys_core.errors import CancelledError
from recsys_core.progress import Silent
from tests.encoder.invented import DIM, Invented, numbers, some_texts


@pytest.fixture
def cache(tmp_path: Path) -> VectorCache:
    return VectorCache(tmp_path)


def child(*arguments: object) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.encoder.invented", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def shards(cache: VectorCache) -> list[Path]:
    return sorted((cache.folder / Invented.fingerprint).glob("*.safetensors"))


def test_only_new_text_is_encoded(cache: VectorCache) -> None:
    encoder = load_encoder()
    one = cache.encode(encoder, ["tea", "pan", "tea", ""])
    two = cache.encode(encoder, ["pan", "cup", "tea"])
    np.testing.assert_array_equal(one[[1, 0]], two[[0, 2]])
    np.testing.assert_allclose(two[:2], encoder.encode(["pan", "cup"]), atol=1e-2)
    invented = Invented()
    cache.encode(invented, ["tea", "pan", "tea", ""])
    assert invented.encoded == 2
    cache.encode(invented, ["pan", "cup", "tea"])
    assert invented.encoded == 3


def test_order_is_that_of_the_texts_across_shards_and_blocks(
    cache: VectorCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caching, "BLOCK", 7)
    cache.encode(Invented(), some_texts(30, 40))
    texts = [*some_texts(0, 50), "", *some_texts(45, 55)[::-1], "text 3"]
    vectors = cache.encode(Invented(), texts)
    assert vectors[:, 0].tolist() == np.where([not text for text in texts], 0, numbers(texts)).tolist()
    assert (vectors == vectors[:, :1]).all()


def test_an_empty_text_is_the_zero_vector(cache: VectorCache) -> None:
    assert cache.encode(Invented(), [""]).tolist() == [[0.0] * DIM]
    assert cache.encode(Invented(), []).shape == (0, DIM)


def test_a_cancelled_call_keeps_the_blocks_it_finished(
    cache: VectorCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stopping(Silent):
        def __init__(self) -> None:
            self.told: list[tuple[float, float]] = []

        def advance(self, done: float, total: float, message: str = "") -> None:
            self.told.append((done, total))

        def check_cancelled(self) -> None:
            if len(self.told) == 2:
                raise CancelledError("Stopped.")

    stopping = Stopping()
    monkeypatch.setattr(caching, "BLOCK", 10)
    with pytest.raises(CancelledError):
        cache.encode(Invented(), some_texts(0, 35), stopping)
    assert stopping.told == [(10, 35), (20, 35)]
    again = Invented()
    cache.encode(again, some_texts(0, 35))
    assert again.encoded == 15


def test_a_shard_of_any_size_written_at_once_is_read(cache: VectorCache) -> None:
    from safetensors.numpy import save_file

    texts, folder = some_texts(0, 100), cache.folder / Invented.fingerprint
    folder.mkdir()
    keys = np.frombuffer(b"".join(key.ljust(16, b"\0") for key in text_keys(texts)), np.uint8).reshape(-1, 16)
    save_file({"keys": keys, "vectors": Invented().encode(texts)}, folder / "old.safetensors")
    encoder = Invented()
    np.testing.assert_array_equal(cache.encode(encoder, texts)[:, 0], numbers(texts))
    assert encoder.encoded == 0


@pytest.mark.parametrize("damage", [b"", b"half", None])
def test_a_damaged_shard_is_left_aside_and_its_texts_encoded_again(
    cache: VectorCache, damage: bytes | None
) -> None:
    cache.encode(Invented(), ["tea"])
    (shard,) = shards(cache)
    shard.write_bytes(shard.read_bytes()[:-4] if damage is None else damage)
    encoder = Invented()
    assert cache.encode(encoder, ["tea"])[0, 0] == numbers(["tea"])[0]
    assert encoder.encoded == 1


def test_a_write_that_fails_leaves_nothing(cache: VectorCache, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: Path) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(caching, "_flush", full)
    with pytest.raises(OSError, match="No space"):
        cache.encode(Invented(), ["tea"])
    assert not any((cache.folder / Invented.fingerprint).iterdir())


def test_a_killed_write_leaves_nothing_that_is_read_and_is_cleared_later(cache: VectorCache) -> None:
    dying = child("die", cache.folder)
    dying.communicate(timeout=60)
    assert dying.returncode == -signal.SIGKILL
    (half,) = (cache.folder / Invented.fingerprint).iterdir()
    assert half.suffix == ".writing"
    encoder = Invented()
    cache.encode(encoder, some_texts(0, 100))
    assert (encoder.encoded, half.exists()) == (100, True)  # its writer might still be at work
    os.utime(half, (time.time() - 90_000,) * 2)
    cache.encode(encoder, ["new"])
    assert not half.exists()


def test_many_may_write_at_once(cache: VectorCache) -> None:
    spans = [(0, 400), (200, 600), (0, 600), (500, 900)]
    writers = [child("share", cache.folder, *span) for span in spans]
    (cache.folder / "go").touch()
    assert [(writer.communicate(timeout=60), writer.returncode)[1] for writer in writers] == [0] * 4
    encoder, texts = Invented(), some_texts(0, 900)
    np.testing.assert_array_equal(cache.encode(encoder, texts)[:, 0], numbers(texts))
    assert encoder.encoded == 0
    assert not list((cache.folder / Invented.fingerprint).glob("*.writing"))


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux's account of memory")
def test_memory_stays_below_twice_the_vectors(cache: VectorCache) -> None:
    count = 200_000
    printed, _ = child("peak", cache.folder, count).communicate(timeout=200)
    first, again, encoded, right = printed.split()
    megabytes = count * DIM * 4 / 2**20
    assert (int(encoded), right) == (count, "True")
    assert max(float(first), float(again)) < 2 * megabytes
