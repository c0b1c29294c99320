"""Profiles whose true answers are known, and how well scores place those answers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recsys_core.recommend.profile import Profile

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]
TOGETHER = 1 << 24
"""Scores of a recommender that are laid out at once, of 4 bytes."""


@dataclass(frozen=True, eq=False)
class Answers:
    """``truth``: per profile the (n,) int64 positions, n ≥ 1, within the target domain's items
    (ascending by row number) of what that person really took.
    """

    profiles: tuple[Profile, ...]
    truth: tuple[Rows, ...]

    def __len__(self) -> int:
        """P, the number of profiles."""
        return len(self.profiles)

    def some(self, most: int, rng: np.random.Generator) -> "Answers":
        """At most ``most`` of them, drawn without replacement, order kept."""
        if len(self) <= most:
            return self
        chosen = np.sort(rng.choice(len(self), most, replace=False)).tolist()
        return Answers(tuple(self.profiles[i] for i in chosen), tuple(self.truth[i] for i in chosen))

    def parts(self, size: int) -> "list[Answers]":
        """``size`` of them after another."""
        starts = range(0, len(self), size)
        return [Answers(self.profiles[at : at + size], self.truth[at : at + size]) for at in starts]


def in_memory(n_items: int) -> int:
    """Of how many people all scores of ``n_items`` may be laid out at once."""
    return max(1, TOGETHER // max(n_items, 1))


def ranks(scores: Floats, truth: Sequence[Rows]) -> list[Rows]:
    """Per row of ``scores`` (P, T) the ascending ranks (1 = top) of its true positions.

    Every tie goes against the model: a true item stands behind all other items with its score, and
    NaN counts as the lowest score there is. So a model that scores all items alike ranks the truth last.
    """
    found = []
    for row, true in zip(np.nan_to_num(scores, nan=-np.inf), truth, strict=True):
        own = np.sort(row[true])[::-1]
        at_least = np.array([np.count_nonzero(row >= score) for score in own], np.int64)
        same_after = np.array([np.count_nonzero(own[i + 1 :] == s) for i, s in enumerate(own)], np.int64)
        found.append(at_least - same_after)
    return found


def ndcg(ranked: Sequence[Rows], k: int = 10) -> NDArray[np.float64]:
    """(P,) NDCG@k in [0, 1] with binary gains, from the ranks of all of each person's true items.

    DCG = Σ 1 / log2(rank + 1) over true items of rank ≤ k, over that of the best possible list
    (Järvelin and Kekäläinen 2002).
    """
    gain, ideal = ndcg_gains(k)
    return np.array([gain[r[r <= k] - 1].sum() / ideal[min(len(r), k) - 1] for r in ranked], np.float64)


def ndcg_gains(k: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What a true item at rank 1 … k + 1 adds to DCG@k, (k + 1,), 0 beyond rank k; and the most that
    1 … k true items can reach together, (k,).
    """
    gain = 1 / np.log2(np.arange(2, k + 2))
    return np.append(gain, 0.0), np.cumsum(gain)


def mean_ndcg(scores: Floats, truth: Sequence[Rows], k: int = 10) -> float:
    """Mean NDCG@k in [0, 1] of ``scores`` (P, T); 0 where there is nobody to judge by."""
    return float(ndcg(ranks(scores, truth), k).mean()) if len(truth) else 0.0
