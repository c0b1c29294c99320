"""Population drift: did the crowd as a whole change, or did the catalogue?"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import pandas as pd

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
    layout: Layout,
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
    for pair in _pairs(layout, windows):
        progress.check_cancelled()
        sample = pair.only(_drawn(layout.user[pair.events], rng))
        everything = _compare(layout, item_code, centroids, sample, rng, permutations)
        if everything is None:
            continue
        kept = _compare(layout, item_code, centroids, sample.only(sample.kept), rng, permutations)
        rows.append(
            {
                FROM_WINDOW: pair.names[0],
                TO_WINDOW: pair.names[1],
                **everything,
                NEW_SHARE: float(pair.new[pair.late].mean()),
                KEPT_SHARE: float(pair.kept.mean()),
                **{KEPT + name: value for name, value in (kept or _UNKNOWN).items()},
            }
        )
    frame = pd.DataFrame(rows, columns=list(POPULATION_COLUMNS))
    for start in ("", KEPT):
        frame[start + Q_VALUE] = _rates(frame[start + P_VALUE].to_numpy(np.float64))
    return frame.astype(POPULATION_COLUMNS)


@dataclass(frozen=True, eq=False)
class _Pair:
    """Two consecutive windows. ``events``: (E,) rows of the layout; of each, ``late``: in the second
    window, ``new``: its item had no event before the second, ``kept``: its item was taken in both.
    """

    names: tuple[str, str]
    events: Ints
    late: Flags
    new: Flags
    kept: Flags

    def only(self, keep: Flags) -> "_Pair":
        return _Pair(self.names, self.events[keep], self.late[keep], self.new[keep], self.kept[keep])


_UNKNOWN: Final = {**dict.fromkeys(_COMPARED, np.nan), N_USERS: 0}


def _pairs(layout: Layout, windows: Sequence[Window]) -> Iterator[_Pair]:
    window = layout.slot_window[layout.slot]
    order = np.argsort(window, kind="stable")
    cuts = np.searchsorted(window[order], np.arange(len(windows) + 1))
    n_items = int(layout.item.max(initial=-1)) + 1
    seen = np.zeros(n_items, np.bool_)  # up to the first window of the pair
    for at, (first, second) in enumerate(pairwise(windows)):
        early, late = order[cuts[at] : cuts[at + 1]], order[cuts[at + 1] : cuts[at + 2]]
        held = _taken(layout.item[early], n_items)
        both = held & _taken(layout.item[late], n_items)
        seen |= held
        events = np.sort(np.concatenate([early, late]))
        item, is_late = layout.item[events], window[events] == at + 1
        yield _Pair((first.id, second.id), events, is_late, is_late & ~seen[item], both[item])


def _taken(items: Ints, n_items: int) -> Flags:
    return np.asarray(np.bincount(items, minlength=n_items) > 0)


def _compare(
    layout: Layout,
    item_code: Ints,
    centroids: Floats,
    pair: _Pair,
    rng: np.random.Generator,
    permutations: int,
) -> dict[str, float] | None:
    """The columns of one comparison; None with fewer than 2 users on either side."""
    slots, first, which = np.unique(layout.slot[pair.events], return_index=True, return_inverse=True)
    late, user = pair.late[first], layout.slot_user[slots]
    if min(late.sum(), (~late).sum()) < 2:
        return None
    codes, weight = item_code[layout.item[pair.events]], layout.weight[pair.events]
    mixes = mix_of(which.astype(np.int64), codes, weight, (len(slots), len(centroids)))
    found = compare_crowds(mixes @ centroids, user, late, rng, permutations)
    return {**asdict(found), N_USERS: len(np.unique(user))}


def _drawn(user: Ints, rng: np.random.Generator) -> Flags:
    """(E,) which events belong to those of their users, at most ``MOST_USERS``, who are compared."""
    users = np.unique(user)
    if len(users) > MOST_USERS:
        users = rng.choice(users, MOST_USERS, replace=False)
    chosen = np.zeros(int(user.max(initial=-1)) + 1, np.bool_)
    chosen[users] = True
    return np.asarray(chosen[user])


def _rates(p: Floats) -> Floats:
    """(N,) corrected ``p``, NaN where that is."""
    known, q = ~np.isnan(p), np.full(len(p), np.nan)
    q[known] = false_discovery_rates(p[known])
    return q
