"""What a fitted recommender does for the test users: ranks of the truth, lists, and the time it takes."""

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recsys_core.evaluation.splits import ColdUsers
from recsys_core.recommend.answers import ranks
from recsys_core.recommend.recommend import top
from recsys_core.recommend.recommender import Recommender

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]
CHUNK = 256
NONE = -1


@dataclass(frozen=True, eq=False)
class Judged:
    """``ranks``: per user the ascending ranks of their true items, ties against the model. ``lists``:
    (P, k) int64 positions among the target's items, best first, -1 where a list is shorter.
    ``n_candidates``: (P,) how many items competed. ``ms_per_user``: wall time of scoring all items, in
    milliseconds per user, in batches of 256.
    """

    ranks: tuple[Rows, ...]
    lists: Rows
    n_candidates: Rows
    ms_per_user: float


def judge(recommender: Recommender, cold: ColdUsers, items: Rows, k: int = 10) -> Judged:
    """Rank ``items`` (T,), the target's rows, for each user, less what the profile already holds."""
    found: list[Rows] = []
    lists = np.full((len(cold), k), NONE, np.int64)
    competing = np.zeros(len(cold), np.int64)
    seconds = 0.0
    for start in range(0, len(cold), CHUNK):
        stop = min(start + CHUNK, len(cold))
        began = time.perf_counter()
        scores = np.array(recommender.score(cold.profiles[start:stop]), np.float32)
        seconds += time.perf_counter() - began
        for user in range(start, stop):
            row, seen = scores[user - start], _held(cold, user, items)
            row[seen] = -np.inf
            best = top(row, np.flatnonzero(seen), k)
            lists[user, : len(best)] = best
            competing[user] = len(items) - np.count_nonzero(seen)
        found += ranks(scores, cold.truth[start:stop])
    return Judged(tuple(found), lists, competing, 1e3 * seconds / max(1, len(cold)))


def _held(cold: ColdUsers, user: int, items: Rows) -> NDArray[np.bool_]:
    """(T,) what the profile holds already, less what it is asked for."""
    seen = np.isin(items, cold.profiles[user].history.items)
    seen[cold.truth[user]] = False
    return seen
