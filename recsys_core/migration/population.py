"""Population drift: did the crowd as a whole change from one window to the next?"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
import pandas as pd

from recsys_core.columns import DISTANCE, FROM_WINDOW, N_USERS, NOISE, P_VALUE, TO_WINDOW
from recsys_core.logs.windows import Window
from recsys_core.migration.arrays import Flags, Floats, Ints
from recsys_core.migration.mixes import Mixes
from recsys_core.migration.tail import Tail
from recsys_core.progress import Progress

MOST_USERS: Final = 500
"""Each pair of windows is compared on at most so many users, drawn at random from those of either."""


def population_drift(
    mixes: Mixes,
    windows: Sequence[Window],
    centroids: Floats,
    rng: np.random.Generator,
    permutations: int,
    progress: Progress,
) -> pd.DataFrame:
    """The frame ``Migration.population``.

    Energy distance (Székely & Rizzo 2013) between the places of the users of two consecutive windows, a
    place being the mix-weighted mean of the ``centroids`` (K, d). Null at user level: who was active in
    both windows swaps them by a coin, the others are dealt out anew. Pairs with fewer than 2 users on
    either side have no row.
    """
    rows = []
    for at, (before, after) in enumerate(pairwise(windows)):
        progress.check_cancelled()
        picked = _sample(mixes, at, rng)
        late = mixes.window[picked] == at + 1
        if min(late.sum(), (~late).sum()) >= 2:
            facts = _compare(mixes.share[picked] @ centroids, mixes.user[picked], late, rng, permutations)
            rows.append((before.id, after.id, *facts, len(np.unique(mixes.user[picked]))))
    kinds = {FROM_WINDOW: "str", TO_WINDOW: "str", DISTANCE: "f8", NOISE: "f8", P_VALUE: "f8", N_USERS: "i8"}
    return pd.DataFrame(rows, columns=list(kinds)).astype(kinds)


def _sample(mixes: Mixes, window: int, rng: np.random.Generator) -> Ints:
    """Rows of ``mixes`` in this window and the next, of at most ``MOST_USERS`` users."""
    rows = np.flatnonzero((mixes.window == window) | (mixes.window == window + 1))
    users = np.unique(mixes.user[rows])
    if len(users) > MOST_USERS:
        users = rng.choice(users, MOST_USERS, replace=False)
    return rows[np.isin(mixes.user[rows], users)]


def _compare(
    places: Floats,
    user: Ints,
    late: Flags,
    rng: np.random.Generator,
    n: int,
) -> tuple[float, float, float]:
    """Distance, its mean under the null, and p."""
    squares = (places**2).sum(axis=1)
    apart = np.sqrt(np.maximum(squares[:, None] + squares[None, :] - 2 * places @ places.T, 0.0))
    labels = np.column_stack([late, *(_relabelled(user, late, rng) for _ in range(n))]).astype(np.float64)
    distances = _energy(apart, labels)
    tail = Tail(distances[0])
    for value in distances[1:]:
        tail.add(value)
    return float(distances[0]), float(tail.mean), float(tail.p())


def _relabelled(user: Ints, late: Flags, rng: np.random.Generator) -> Flags:
    _, number, counts = np.unique(user, return_inverse=True, return_counts=True)
    both = counts[number] == 2
    swap = rng.random(len(counts)) < 0.5
    dealt: Flags = late ^ (both & swap[number])
    dealt[~both] = rng.permutation(late[~both])
    return dealt


def _energy(apart: Floats, late: Floats) -> Floats:
    """(L,) energy distances for each column of ``late`` (N, L), 1 = after, under ``apart`` (N, N)."""
    after = late / late.sum(axis=0)
    before = (1 - late) / (1 - late).sum(axis=0)
    to_after, to_before = apart @ after, apart @ before
    crossed = (before * to_after).sum(axis=0)
    distances: Floats = 2 * crossed - (after * to_after).sum(axis=0) - (before * to_before).sum(axis=0)
    return distances
