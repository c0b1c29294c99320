"""How people move on the map: each one's path through the windows, and the mean movement of a group."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recsys_core.columns import INTEREST, N_USERS, TO_X, TO_Y, USER, WINDOW, X, Y
from recsys_core.interests.projection import InterestMap
from recsys_core.privacy import SMALLEST_GROUP

EVERYBODY: Final = -1


@dataclass(frozen=True, eq=False)
class Paths:
    """N people through W windows, oldest first. ``users``: (N,) row numbers. ``xy``: (W, N, 2) float32, where
    they were last seen up to each window; NaN before they are first seen. ``interest``: (W, N) int64 main
    interest there, -1 before. ``active``: (W, N) whether they have events in that very window.
    """

    windows: tuple[str, ...]
    users: NDArray[np.int64]
    xy: NDArray[np.float32]
    interest: NDArray[np.int64]
    active: NDArray[np.bool_]


def people_paths(atlas: InterestMap, level: int, users: NDArray[np.int64]) -> Paths:
    """The paths of the people with the row numbers ``users``, ascending; who isn't on the map is left out."""
    seen = atlas.users.reset_index(drop=True)
    windows = sorted(seen[WINDOW].unique())
    rows = np.flatnonzero(seen[USER].isin(users).to_numpy())
    users, column = np.unique(seen[USER].to_numpy()[rows], return_inverse=True)
    line = np.searchsorted(np.array(windows, object), seen[WINDOW].to_numpy(object)[rows])
    row_at = np.full((len(windows), len(users)), -1, np.int64)
    row_at[line, column] = rows
    active = row_at >= 0
    row_at = np.maximum.accumulate(row_at, axis=0)  # rows of a user ascend in time, so the last one wins
    before = row_at < 0
    xy = seen[[X, Y]].to_numpy(np.float32)[row_at]  # (W, N, 2)
    xy[before] = np.nan
    interest = np.where(before, -1, atlas.user_interest[level][row_at])
    return Paths(tuple(windows), users, xy, interest, active)


def mean_movement(
    atlas: InterestMap, level: int, window: str | None = None, among: NDArray[np.int64] | None = None
) -> pd.DataFrame:
    """The mean movement on the map of people by the main interest they started from.

    From everybody's first window to their last; with ``window`` (id), from the window before it to that
    one. ``among``: of these user rows only, all together (``interest`` is -1). Columns ``interest``,
    ``n_users``, ``x``, ``y`` (mean start), ``to_x``, ``to_y`` (mean end); groups under 10 people are left
    out. People not active in both windows count nowhere.
    """
    start, end = _steps(atlas.users.reset_index(drop=True), window)
    users = atlas.users[USER].to_numpy()
    if among is not None:
        kept = np.isin(users[start], among)
        start, end = start[kept], end[kept]
    interest = atlas.user_interest[level][start]
    places = atlas.users[[X, Y]].to_numpy(np.float64)
    moved = pd.DataFrame(np.hstack([places[start], places[end]]), columns=[X, Y, TO_X, TO_Y])
    by = moved.groupby(interest if among is None else np.full(len(start), EVERYBODY))
    means = by.mean().assign(**{N_USERS: by.size()})
    means = means[means[N_USERS] >= SMALLEST_GROUP]
    return means.rename_axis(INTEREST).reset_index()[[INTEREST, N_USERS, X, Y, TO_X, TO_Y]]


def _steps(users: pd.DataFrame, window: str | None) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Positions in the map's ``users`` where a step starts and ends, one of each person who made it."""
    if window is None:
        start = np.flatnonzero(~users[USER].duplicated(keep="first"))
        end = np.flatnonzero(~users[USER].duplicated(keep="last"))
        return start[start < end], end[start < end]
    windows = sorted(users[WINDOW].unique())
    place = windows.index(window) if window in windows else 0
    if place == 0:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    before, now = (np.flatnonzero(users[WINDOW] == windows[at]) for at in (place - 1, place))
    ids = users[USER].to_numpy()
    _, a, b = np.intersect1d(ids[before], ids[now], assume_unique=True, return_indices=True)
    return before[a], now[b]
