"""Which shares a sum of kernels should have, told by leaving each past user out."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recsys_core.recommend.answers import ndcg, ranks
from recsys_core.recommend.inverse import inverse_of

Floats = NDArray[np.float32]
Numbers = NDArray[np.float64]
CHUNK = 256
SWEEPS = 2
TRIED: Final[Mapping[str, tuple[float, ...]]] = {
    "ids": (0.15, 0.3, 0.45, 0.6),
    "strength": (5, 10, 20),
    "tastes": (0, 0.15, 0.3),
    "times": (0, 0.15, 0.3),
    "amount": (0, 0.1, 0.2),
}
TRIES: Final = SWEEPS * sum(len(values) - 1 for values in TRIED.values()) + 1
SHARES: Final = ("ids", "tastes", "times", "amount")


def better_shares(
    kernels: Mapping[str, Floats], taken: csr_array, begin: Mapping[str, float]
) -> dict[str, float]:
    """Values of all in ``TRIED``, found by changing one at a time, twice around: one that gains more NDCG@10
    than its standard error over the best so far takes its place, and what the shares leave is that of text.

    ``kernels``: (n, n) of ``SHARES`` and of ``text``; ``taken``: (n, T) 0/1 what these users took.
    """
    if not taken.nnz:
        return dict(begin)
    best, quality = dict(begin), left_out_ndcg(_sum(kernels, begin), begin["strength"], taken)
    for name, value in SWEEPS * [(name, value) for name, values in TRIED.items() for value in values]:
        changed = best | {name: value}
        if value == best[name] or sum(changed[share] for share in SHARES) > 1:
            continue
        found = left_out_ndcg(_sum(kernels, changed), changed["strength"], taken)
        gain = found - quality
        if gain.mean() > gain.std() / np.sqrt(len(gain)):
            best, quality = changed, found
    return best


def left_out_ndcg(kernel: Floats, strength: float, taken: csr_array) -> Numbers:
    """(n,) NDCG@10 of kernel ridge for each of n users where it had learned from the n - 1 others.

    With G = (K + strength · 1)⁻¹, left out by the closed form (Cook 1977; for kernels, Cawley and Talbot
    2003): the scores of user i are ((Σ_j G_ij) ȳ₋ᵢ - Σ_j≠i G_ij y_j) / G_ii, with ȳ₋ᵢ the mean of the others.
    ``kernel`` (n, n) is overwritten.
    """
    inverse = inverse_of(kernel, strength)
    own, total = inverse.diagonal().copy(), inverse.sum(1)
    np.fill_diagonal(inverse, 0)
    everyone, found = np.asarray(taken.sum(0)), []
    for at in range(0, len(inverse), CHUNK):
        some = slice(at, at + CHUNK)
        mine = taken[some]
        others = (everyone - mine.toarray()) / max(len(inverse) - 1, 1)
        scores = (total[some, None] * others - (taken.T @ inverse[some].T).T) / own[some, None]
        truth = np.split(mine.indices.astype(np.int64), mine.indptr[1:-1])
        found.append(ndcg(ranks(scores, [np.sort(true) for true in truth])))
    return np.concatenate(found) if found else np.zeros(0)


def _sum(kernels: Mapping[str, Floats], shares: Mapping[str, float]) -> Floats:
    """A new matrix."""
    total = kernels["text"] * np.float32(1 - sum(shares[name] for name in SHARES))
    for name in SHARES:
        if shares[name]:
            total += np.float32(shares[name]) * kernels[name]
    return total
