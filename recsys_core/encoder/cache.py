"""Vectors kept by (text hash, encoder fingerprint): only new text is ever encoded."""

import hashlib
import os
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recsys_core.encoder.text_encoder import TextEncoder
from recsys_core.progress import Progress, Silent

Keys = NDArray[np.void]
KEY_BYTES = 16


@dataclass(frozen=True)
class VectorCache:
    """A folder with one sub-folder per encoder; each write adds a shard, none is ever changed."""

    folder: Path

    def encode(
        self, encoder: TextEncoder, texts: Sequence[str], progress: Progress | None = None
    ) -> NDArray[np.float32]:
        """(N, dim) float32 vectors in the order of ``texts``; an empty text has the zero vector."""
        keys = text_keys(texts)
        known, stored = self._stored(encoder)
        empty = np.array([not t for t in texts], bool)
        missing = ~np.isin(keys, known) & ~empty
        if missing.any():
            first = np.unique(keys[missing], return_index=True)[1]
            rows = np.flatnonzero(missing)[first]
            fresh = encoder.encode([texts[r] for r in rows], progress or Silent())
            self._add(encoder, keys[rows], fresh)
            known, stored = np.concatenate([known, keys[rows]]), np.concatenate([stored, fresh])
        vectors = np.zeros((len(texts), encoder.dim), np.float32)
        order = np.argsort(known)
        vectors[~empty] = stored[order[np.searchsorted(known, keys[~empty], sorter=order)]]
        return vectors

    def _stored(self, encoder: TextEncoder) -> tuple[Keys, NDArray[np.float32]]:
        from safetensors.numpy import load_file

        shards = [load_file(f) for f in sorted((self.folder / encoder.fingerprint).glob("*.safetensors"))]
        keys = [s["keys"].reshape(-1).view(f"V{KEY_BYTES}") for s in shards]
        empty = np.zeros(0, f"V{KEY_BYTES}"), np.zeros((0, encoder.dim), np.float32)
        return np.concatenate([empty[0], *keys]), np.concatenate([empty[1], *(s["vectors"] for s in shards)])

    def _add(self, encoder: TextEncoder, keys: Keys, vectors: NDArray[np.float32]) -> None:
        from safetensors.numpy import save_file

        folder = self.folder / encoder.fingerprint
        folder.mkdir(parents=True, exist_ok=True)
        name = uuid.uuid4().hex
        aside = folder / f"{name}.writing"
        save_file({"keys": keys.view(np.uint8).reshape(-1, KEY_BYTES), "vectors": vectors}, aside)
        with aside.open("rb") as stream:
            os.fsync(stream.fileno())
        aside.rename(folder / f"{name}.safetensors")


def text_keys(texts: Sequence[str]) -> Keys:
    """(N,) 128-bit BLAKE2b hashes of the texts."""
    joined = b"".join(hashlib.blake2b(t.encode(), digest_size=KEY_BYTES).digest() for t in texts)
    return np.frombuffer(joined, dtype=f"V{KEY_BYTES}")
