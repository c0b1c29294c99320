"""An encoder that invents its vectors, and what child processes of the cache's tests do with it.

``python -m tests.encoder.invented peak FOLDER N`` prints the most memory in use while N texts are
encoded, and then read again; ``share FOLDER FROM TO`` encodes those texts; ``die FOLDER`` is killed
while it writes.
"""

import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recsys_core.encoder import cache
from recsys_core.encoder.cache import VectorCache, text_keys
from recsys_core.progress import Progress

DIM = 384


class Invented:
    """Every vector repeats a number made from the text's hash. Remembers how many it encoded."""

    fingerprint = "invented"
    dim = DIM

    def __init__(self) -> None:
        self.encoded = 0

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        self.encoded += len(texts)
        if progress:
            progress.check_cancelled()
            progress.advance(len(texts), len(texts), "texts")
        return np.repeat(numbers(texts)[:, None], DIM, axis=1)


def numbers(texts: Sequence[str]) -> NDArray[np.float32]:
    """(N,) what the vectors of ``texts`` consist of."""
    return np.array([int.from_bytes(key[:3].ljust(3), "big") for key in text_keys(texts)], np.float32)


def some_texts(start: int, stop: int) -> list[str]:
    """Texts that differ by number."""
    return [f"text {number}" for number in range(start, stop)]


def peak_megabytes() -> float:
    """The most memory this process has ever held, files that are mapped included."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def _peak(folder: Path, count: int) -> None:
    texts, encoder = some_texts(0, count), Invented()
    VectorCache(folder).encode(encoder, texts)  # type: ignore[arg-type]
    first = peak_megabytes()
    vectors = VectorCache(folder).encode(encoder, texts[::-1])  # type: ignore[arg-type]
    right = bool((vectors[:, 0] == numbers(texts[::-1])).all())
    sys.stdout.write(f"{first} {peak_megabytes()} {encoder.encoded} {right}\n")


def _share(folder: Path, start: int, stop: int) -> None:
    while not (folder / "go").exists():
        time.sleep(0.001)
    VectorCache(folder).encode(Invented(), some_texts(start, stop))  # type: ignore[arg-type]


def _die(folder: Path) -> None:
    cache._flush = lambda _: os.kill(os.getpid(), signal.SIGKILL)
    VectorCache(folder).encode(Invented(), some_texts(0, 100))  # type: ignore[arg-type]


if __name__ == "__main__":
    {"peak": _peak, "share": _share, "die": _die}[sys.argv[1]](Path(sys.argv[2]), *map(int, sys.argv[3:]))
