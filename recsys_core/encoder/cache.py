"""Vectors kept by (text hash, encoder fingerprint): only new text is ever encoded.

A shard is a safetensors file of ``keys`` (n, 16) uint8 and ``vectors`` (n, dim) float32. Vectors are
mapped into memory a block at a time, so that little more than the answer itself is ever held.
"""

import hashlib
import json
import os
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recsys_core.encoder.text_encoder import TextEncoder
from recsys_core.progress import Progress, Silent
from recsys_core.spread import spread

Keys = NDArray[np.bytes_]
Rows = NDArray[np.int64]
KEY_BYTES = 16
KEY = f"S{KEY_BYTES}"
BLOCK = 4096  # texts encoded before they are saved, maybe elsewhere, and vectors copied at once
WRITING = ".writing"
LEFTOVERS = (f"*{WRITING}", ".tmp??????")  # ours, and those of the library that writes the shards
LEFTOVER_AGE = 24 * 3600  # seconds after which a file still being written has been left by a killed process


@dataclass(frozen=True)
class VectorCache:
    """A folder with one sub-folder per encoder; each write adds a shard, none is ever changed.

    Any number of processes may read and write at once: a shard is there wholly or not at all, and a
    text that two of them encode is only kept twice.
    """

    folder: Path

    def encode(
        self, encoder: TextEncoder, texts: Sequence[str], progress: Progress | None = None
    ) -> NDArray[np.float32]:
        """(N, dim) float32 vectors in the order of ``texts``; an empty text has the zero vector.

        What is encoded is saved every BLOCK texts, so that work which is cancelled need not be done
        again.
        """
        keys = text_keys(texts)
        wanted = np.flatnonzero(np.fromiter((bool(text) for text in texts), bool, len(texts)))
        store = _Store.open(self.folder / encoder.fingerprint, encoder.dim)
        missing = wanted[~store.has(keys[wanted])]
        if len(missing):
            _, first = np.unique(keys[missing], return_index=True)
            _encode_missing(store, encoder, texts, keys, missing[np.sort(first)], progress or Silent())
            store = _Store.open(store.folder, encoder.dim)
        vectors = np.zeros((len(texts), encoder.dim), np.float32)
        store.read(keys, wanted, vectors)
        return vectors


@dataclass(frozen=True, eq=False)
class _Shard:
    """A whole file of vectors, of which only the keys are read. ``offset``: byte of the first vector."""

    file: Path
    keys: Keys
    offset: int
    dim: int

    @staticmethod
    def open(file: Path, dim: int) -> "_Shard | None":
        """None where the file is damaged or of another shape; what is in it is then encoded again."""
        try:
            with file.open("rb") as stream:
                size = int.from_bytes(stream.read(8), "little")
                header = json.loads(stream.read(size))
                keys, vectors = header["keys"], header["vectors"]
                count, start = vectors["shape"][0], 8 + size
                end = start + max(keys["data_offsets"][1], vectors["data_offsets"][1])
                fits = vectors["shape"] == [count, dim] and keys["shape"] == [count, KEY_BYTES]
                if not fits or vectors["dtype"] != "F32" or file.stat().st_size != end:
                    return None
                stream.seek(start + keys["data_offsets"][0])
                content = stream.read(count * KEY_BYTES)
        except (OSError, ValueError, KeyError, TypeError, IndexError):
            return None
        return _Shard(file, np.frombuffer(content, KEY), start + vectors["data_offsets"][0], dim)

    def vectors(self, rows: Rows) -> NDArray[np.float32]:
        """(n, dim) copies of some rows. The file is mapped only meanwhile."""
        shape = (len(self.keys), self.dim)
        mapped = np.memmap(self.file, np.float32, "r", self.offset, shape)
        return np.asarray(mapped[rows])


@dataclass(frozen=True, eq=False)
class _Store:
    """All shards of one encoder. ``keys``: those of all shards, sorted; ``places``: where in the shards,
    laid end to end from ``starts``, each key's vector is.
    """

    folder: Path
    shards: Sequence[_Shard]
    starts: Rows
    keys: Keys
    places: Rows

    @staticmethod
    def open(folder: Path, dim: int) -> "_Store":
        found = (_Shard.open(file, dim) for file in sorted(folder.glob("*.safetensors")))
        shards = [shard for shard in found if shard is not None and len(shard.keys)]
        keys = np.concatenate([np.zeros(0, KEY), *(shard.keys for shard in shards)])
        places = np.argsort(keys, kind="stable")
        starts = np.cumsum([0, *(len(shard.keys) for shard in shards)])
        return _Store(folder, shards, starts, keys[places], places)

    def has(self, keys: Keys) -> NDArray[np.bool_]:
        """(n,) whether each key has a vector."""
        if not len(self.keys):
            return np.zeros(len(keys), bool)
        nearest = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.asarray(self.keys[nearest] == keys)

    def read(self, keys: Keys, rows: Rows, into: NDArray[np.float32]) -> None:
        """Copy the vectors of ``keys[rows]``, all of which must be here, to ``into[rows]``."""
        places = self.places[np.searchsorted(self.keys, keys[rows])]
        order = np.argsort(places, kind="stable")
        rows, places = rows[order], places[order]
        cuts = np.searchsorted(places, self.starts)
        for shard, start, low, high in zip(self.shards, self.starts, cuts, cuts[1:], strict=False):
            for block in _blocks(int(low), int(high)):
                into[rows[block]] = shard.vectors(places[block] - start)

    def add(self, keys: Keys, vectors: NDArray[np.float32]) -> None:
        """Save a shard: written aside, fsynced, renamed."""
        from safetensors.numpy import save_file

        self.folder.mkdir(parents=True, exist_ok=True)
        name = uuid.uuid4().hex
        aside = self.folder / f"{name}{WRITING}"
        try:
            save_file({"keys": keys.view(np.uint8).reshape(-1, KEY_BYTES), "vectors": vectors}, aside)
            _flush(aside)
            aside.rename(self.folder / f"{name}.safetensors")
        finally:
            aside.unlink(missing_ok=True)
        _flush(self.folder)

    def clear_leftovers(self) -> None:
        """Remove what killed processes left half-written."""
        for file in (file for pattern in LEFTOVERS for file in self.folder.glob(pattern)):
            try:
                if time.time() - file.stat().st_mtime > LEFTOVER_AGE:
                    file.unlink()
            except FileNotFoundError:
                continue  # another process was faster


@dataclass(frozen=True)
class _Onwards(Silent):
    """Tells ``progress`` of one ``block`` among ``total`` texts; those before it are done."""

    progress: Progress
    block: slice
    total: int

    def advance(self, done: float, total: float, message: str = "") -> None:
        size = self.block.stop - self.block.start
        self.progress.advance(self.block.start + size * done / total, self.total, message)

    def check_cancelled(self) -> None:
        self.progress.check_cancelled()


def _encode_missing(
    store: _Store, encoder: TextEncoder, texts: Sequence[str], keys: Keys, rows: Rows, progress: Progress
) -> None:
    store.clear_leftovers()
    blocks = list(_blocks(0, len(rows)))
    parts = [[texts[row] for row in rows[block]] for block in blocks]
    encoded = spread(encoder.encode, parts, lambda n: _Onwards(progress, blocks[n], len(rows)))
    for block, vectors in zip(blocks, encoded, strict=True):
        store.add(keys[rows[block]], vectors)


def _blocks(low: int, high: int) -> Iterator[slice]:
    for start in range(low, high, BLOCK):
        yield slice(start, min(start + BLOCK, high))


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def text_keys(texts: Sequence[str]) -> Keys:
    """(N,) 128-bit BLAKE2b hashes of the texts."""
    joined = b"".join(hashlib.blake2b(t.encode(), digest_size=KEY_BYTES).digest() for t in texts)
    return np.frombuffer(joined, dtype=KEY)
