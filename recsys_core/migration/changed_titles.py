"""Changed titles: what was taken more, and what less, when an interest rose or faded for good."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from recsys_core.catalogue.dataset import Dataset
from recsys_core.columns import (
    AFTER,
    BEFORE,
    FIRST_SEEN,
    GAINED,
    INTEREST,
    ITEM,
    USERS_AFTER,
    USERS_BEFORE,
    WINDOW,
)
from recsys_core.errors import NotFoundError
from recsys_core.interests.interests import Interests
from recsys_core.logs.windows import Window, WindowSize, windows_between
from recsys_core.migration.arrays import Flags, Ints
from recsys_core.migration.migration import Migration
from recsys_core.privacy import SMALLEST_GROUP


@dataclass(frozen=True, eq=False)
class ChangedTitles:
    """``table``: one row per title of the interest, the largest gain first: ``item`` (row number),
    ``before``, ``after`` (events), ``users_before``, ``users_after``, ``gained`` = after - before · (all
    events after / all events before, of whatever interest): events beyond what its earlier share of all would
    give, below 0 where it lost; ``first_seen`` (UTC), NaT where that was before the change.

    ``before``, ``after``: ids of the windows compared, from the interest's previous change to its next.
    """

    table: pd.DataFrame
    before: tuple[str, ...]
    after: tuple[str, ...]


def changed_titles(
    dataset: Dataset, interests: Interests, migration: Migration, interest: int, window: str
) -> ChangedTitles:
    """The titles around the change of ``interest`` (id) from ``window`` (id) on, one of
    ``migration.change_points``. Raises NotFoundError where there is no such change.

    What fewer than 10 users took before, or since, counts as nothing there; titles without anything on
    either side are left out.
    """
    size = WindowSize(migration.window_size)
    windows = windows_between(int(dataset.time.min()), int(dataset.time.max()), size)
    changes = migration.change_points
    left, at, right = _stretch(windows, changes[changes[INTEREST] == interest][WINDOW], window)
    moments = (windows[left].start, windows[at].start, windows[right - 1].end)
    side = np.searchsorted([int(moment.timestamp()) for moment in moments], dataset.time, "right") - 1
    side[side > 1] = -1
    of_interest = (interests.item_interest[migration.level] == interest)[dataset.item]
    events, users = _counts(dataset, side, of_interest & (side >= 0))
    told = np.flatnonzero((users >= SMALLEST_GROUP).any(axis=1))
    events, users = (np.where(users >= SMALLEST_GROUP, counts, 0)[told] for counts in (events, users))
    n_before, n_after = np.bincount(side[side >= 0], minlength=2)
    table = pd.DataFrame(
        {
            ITEM: told,
            BEFORE: events[:, 0],
            AFTER: events[:, 1],
            USERS_BEFORE: users[:, 0],
            USERS_AFTER: users[:, 1],
            GAINED: events[:, 1] - events[:, 0] * (n_after / max(n_before, 1)),
            FIRST_SEEN: _first_seen(dataset, of_interest, told, moments[1]),
        }
    ).sort_values(GAINED, ascending=False, kind="stable", ignore_index=True)
    names = [each.id for each in windows]
    return ChangedTitles(table, tuple(names[left:at]), tuple(names[at:right]))


def _stretch(windows: Sequence[Window], changes: "pd.Series[str]", window: str) -> tuple[int, int, int]:
    """Positions of the windows of the previous change (or the first), of this one, and of the next (or the
    end).
    """
    if window not in set(changes):
        raise NotFoundError(f"This interest did not change in {window!r}.", "Name the window of a change.")
    place = {each.id: i for i, each in enumerate(windows)}
    cuts = [0, *sorted(place[name] for name in changes), len(windows)]
    at = cuts.index(place[window], 1)
    return cuts[at - 1], cuts[at], cuts[at + 1]


def _counts(dataset: Dataset, side: Ints, wanted: Flags) -> tuple[Ints, Ints]:
    """(I, 2) events and (I, 2) users of every title on each ``side`` (E,), of the ``wanted`` (E,) events."""
    n_cells = 2 * dataset.n_items
    cell = 2 * dataset.item[wanted] + side[wanted]
    people = pd.unique(dataset.user[wanted] * n_cells + cell) % n_cells  # many times faster than numpy
    events, users = (np.bincount(each, minlength=n_cells).reshape(-1, 2) for each in (cell, people))
    return events, users


def _first_seen(
    dataset: Dataset, wanted: Flags, items: Ints, since: pd.Timestamp
) -> "pd.Series[pd.Timestamp]":
    """When each of ``items`` was taken first; NaT where that was before ``since``."""
    first = np.full(dataset.n_items, np.iinfo(np.int64).max)
    np.minimum.at(first, dataset.item[wanted], dataset.time[wanted])
    moments = pd.Series(pd.to_datetime(first[items], unit="s", utc=True))
    return moments.where(moments >= since)
