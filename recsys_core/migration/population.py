"""Population drift: did the crowd as a whole change, or did the catalogue?"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recsys_core.columns import (
    DISTANCE,
    EFFECT,
    FLOOR,
    FLOOR_HIGH,
    FROM_WINDOW,
    KEPT,
    KEPT_SHARE,
    N_USERS,
    NEW_SHARE,
    NOISE,
    P_VALUE,
    Q_VALUE,
    TO_WINDOW,
)
from recsys_core.logs.windows import Window
from recsys_core.migration.arrays import Flags, Floats, Ints
from recsys_core.migration.crowd import Crowd, users_by_window
from recsys_core.migration.discoveries import false_discovery_rates
from recsys_core.migration.energy import compare_crowds
from recsys_core.migration.layout import Layout
from recsys_core.migration.mixes import mix_of
from recsys_core.progress import Progress

MOST_USERS: Final = 500
"""Each pair of windows is compared on at most so many users, drawn at random from those of either."""

_COMPARED: Final = (DISTANCE, EFFECT, NOISE, P_VALUE, FLOOR, FLOOR_HIGH)

POPULATION_MEASURES: Final = (*_COMPARED, Q_VALUE, N_USERS)
"""What is measured twice: on everything, and on items taken in both windows."""

POPULATION_COLUMNS: Final = {
    FROM_WINDOW: "str",
    TO_WINDOW: "str",
    **dict.fromkeys(_COMPARED, "f8"),
    Q_VALUE: "f8",
    N_USERS: "i8",
    NEW_SHARE: "f8",
    KEPT_SHARE: "f8",
    **{KEPT + name: "f8" for name in (*_COMPARED, Q_VALUE)},
    KEPT + N_USERS: "i8",
}
"""Columns of ``Migration.population`` and their types."""


def population_drift(
    crowd: Crowd,
    item_code: Ints,
    windows: Sequence[Window],
    centroids: Floats,
    rng: np.random.Generator,
    permutations: int,
    progress: Progress,
) -> pd.DataFrame:
    """The frame ``Migration.population``; see ``energy`` for its measures.

    A user's place in a window is the mean of the ``centroids`` (K, d) of what was taken, ``item_code``: (I,)
    in 0 … K-1. Pairs with fewer than 2 users on either side have no row.

    People's change is told from the catalogue's as price statistics do it (matched models): everything is
    measured again on the items taken in both windows alone (columns ``kept_…``; NaN with fewer than 2 users
    on either side). Items that came or went play no part there, so what remains is people's. Only new items
    left out would not be fair: everything taken in the first window is known by then, while what is rare in
    the second looks new, and an interest in rare things would seem to fade.
    """
    rows = []
    for pair in _pairs(crowd, windows, len(item_code)):
        progress.check_cancelled()
        sample = crowd.of_users(_drawn(pair.users, rng))
        everything = _compare(sample, pair, item_code, centroids, rng, permutations)
        if everything is None:
            continue
        kept = _compare(sample, replace(pair, counting=pair.kept), item_code, centroids, rng, permutations)
        rows.append(
            {
                FROM_WINDOW: pair.names[0],
                TO_WINDOW: pair.names[1],
                **everything,
                NEW_SHARE: pair.new_share,
                KEPT_SHARE: pair.kept_share,
                **{KEPT + name: value for name, value in (kept or _UNKNOWN).items()},
            }
        )
    frame = pd.DataFrame(rows, columns=list(POPULATION_COLUMNS))
    for start in ("", KEPT):
        frame[start + Q_VALUE] = _rates(frame[start + P_VALUE].to_numpy(np.float64))
    return frame.astype(POPULATION_COLUMNS)


@dataclass(frozen=True, eq=False)
class _Pair:
    """Two consecutive windows, the second at position ``late``. ``users``: those of either, ascending.
    Of each item, (I,): ``kept``, whether it was taken in both; ``counting``, whether its events count.
    Fractions of events: ``new_share`` of the second window's, on items without an event before it;
    ``kept_share`` of both windows', on items that are kept.
    """

    names: tuple[str, str]
    late: int
    users: Ints
    kept: Flags
    counting: Flags
    new_share: float
    kept_share: float


_UNKNOWN: Final = {**dict.fromkeys(_COMPARED, np.nan), N_USERS: 0}


def _pairs(crowd: Crowd, windows: Sequence[Window], n_items: int) -> Iterator[_Pair]:
    events, users = _taken(crowd, len(windows), n_items), users_by_window(crowd, len(windows))
    seen = np.zeros(n_items, np.bool_)  # up to the first window of the pair
    for late, (first, second) in enumerate(pairwise(windows), 1):
        before, after = events[late - 1], events[late]
        kept = (before > 0) & (after > 0)
        seen |= before > 0
        yield _Pair(
            (first.id, second.id),
            late,
            np.union1d(users[late - 1], users[late]),
            kept,
            np.ones(n_items, np.bool_),
            _share(after[~seen].sum(), after.sum()),
            _share(before[kept].sum() + after[kept].sum(), before.sum() + after.sum()),
        )


def _taken(crowd: Crowd, n_windows: int, n_items: int) -> NDArray[np.int32]:
    """(W, I) events of each item in each window."""
    events = np.zeros((n_windows, n_items), np.int32)
    for block in crowd.blocks:
        np.add.at(events, (block.slot_window[block.slot], block.item), 1)
    return events


def _share(part: int, whole: int) -> float:
    return float(part / whole) if whole else np.nan


def _compare(
    sample: Layout,
    pair: _Pair,
    item_code: Ints,
    centroids: Floats,
    rng: np.random.Generator,
    permutations: int,
) -> dict[str, float] | None:
    """The columns of one comparison, of a ``sample``; None with fewer than 2 users on either side."""
    at = sample.slot_window[sample.slot]
    events = ((at == pair.late - 1) | (at == pair.late)) & pair.counting[sample.item]
    slots, which = np.unique(sample.slot[events], return_inverse=True)
    late, user = sample.slot_window[slots] == pair.late, sample.slot_user[slots]
    if min(late.sum(), (~late).sum()) < 2:
        return None
    codes, weight = item_code[sample.item[events]], sample.weight[events]
    mixes = mix_of(which.astype(np.int64), codes, weight, (len(slots), len(centroids)))
    found = compare_crowds(mixes @ centroids, user, late, rng, permutations)
    return {**asdict(found), N_USERS: len(np.unique(user))}


def _drawn(users: Ints, rng: np.random.Generator) -> Ints:
    """Those who are compared, at most ``MOST_USERS``, ascending."""
    return users if len(users) <= MOST_USERS else np.sort(rng.choice(users, MOST_USERS, replace=False))


def _rates(p: Floats) -> Floats:
    """(N,) corrected ``p``, NaN where that is."""
    known, q = ~np.isnan(p), np.full(len(p), np.nan)
    q[known] = false_discovery_rates(p[known])
    return q
