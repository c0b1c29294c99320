"""Shares: how much of people's attention each interest has in each window."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from recsys_core.catalogue.dataset import Dataset
from recsys_core.columns import DOMAIN, HIGH, INTEREST, LOW, N_EVENTS, N_USERS, SHARE, WINDOW
from recsys_core.interests.interests import Interests
from recsys_core.logs.windows import Window, WindowSize, windows_between
from recsys_core.migration.arrays import Floats, Ints
from recsys_core.migration.crowd import crowd_of
from recsys_core.migration.mixes import Mixes

RESAMPLES: Final = 400
_BATCH_CELLS: Final = 4_000_000


def interest_shares(
    mixes: Mixes, windows: Sequence[Window], interests: Sequence[int], domain: str, rng: np.random.Generator
) -> pd.DataFrame:
    """The rows of ``Migration.shares`` for one ``domain`` (name, "" = all): the mean mix of the users of
    each window (every user counts once), with a 95 % percentile bootstrap over users.

    Windows without users have no rows; with one user the interval is 0 to 1.
    """
    order = np.argsort(mixes.window, kind="stable")
    cuts = np.searchsorted(mixes.window[order], np.arange(len(windows) + 1))
    frames = [
        _window_shares(mixes.share[order[a:b]], rng).assign(
            window=window.id, interest=np.asarray(interests, np.int64), domain=domain
        )
        for window, a, b in zip(windows, cuts[:-1], cuts[1:], strict=True)
        if b > a
    ]
    columns = [WINDOW, INTEREST, DOMAIN, SHARE, LOW, HIGH]
    return pd.concat(frames, ignore_index=True)[columns] if frames else pd.DataFrame(columns=columns)


def interest_events(
    dataset: Dataset, interests: Interests, level: int, size: WindowSize, domain: str = ""
) -> pd.DataFrame:
    """How many events each interest of one ``level`` had in each window, and of how many users.

    Columns ``window`` (id), ``interest`` (id), ``n_events``, ``n_users``; no row where there was no event.
    Only of one ``domain`` (name) where given. Raises NotFoundError for a level or domain that is not there.
    """
    ids = interests.at_level(level)[INTEREST].to_numpy(np.int64)
    windows = windows_between(int(dataset.time.min()), int(dataset.time.max()), size)
    crowd = crowd_of(dataset, windows, dataset.domain_index(domain) if domain else None)
    code, n_cells = interests.item_interest[level] - ids[0], len(windows) * len(ids)
    events, users = np.zeros((2, n_cells), np.int64)
    for block in crowd.blocks:
        cell = block.slot_window[block.slot] * len(ids) + code[block.item]
        people = pd.unique(block.user * n_cells + cell) % n_cells  # many times faster than numpy
        events += np.bincount(cell, minlength=n_cells)
        users += np.bincount(people, minlength=n_cells)
    held = np.flatnonzero(events)
    names = pd.Series([windows[w].id for w in held // len(ids)], dtype="str")
    return pd.DataFrame(
        {WINDOW: names, INTEREST: ids[held % len(ids)], N_EVENTS: events[held], N_USERS: users[held]}
    )


def _window_shares(share: Floats, rng: np.random.Generator) -> pd.DataFrame:
    """``share``: (N, K) mixes of one window."""
    low, high = mean_interval(share, rng) if len(share) > 1 else (0.0, 1.0)
    return pd.DataFrame({SHARE: share.mean(axis=0), LOW: low, HIGH: high})


def mean_interval(values: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """(M,) low and high of the 95 % percentile bootstrap of the means of ``values`` (N, M) over N users, the
    same resampled users for every column.
    """
    n = len(values)
    batch = max(1, min(RESAMPLES, _BATCH_CELLS // n))
    means = [
        _counts(rng.integers(n, size=(size, n))) @ values / n
        for size in np.diff(np.append(np.arange(0, RESAMPLES, batch), RESAMPLES))
    ]
    low, high = np.quantile(np.concatenate(means), [0.025, 0.975], axis=0)
    return low, high


def _counts(drawn: Ints) -> Floats:
    """(B, N) how often each of N users was drawn in each of B resamples."""
    b, n = drawn.shape
    cell = drawn + np.arange(b)[:, None] * n
    return np.bincount(cell.ravel(), minlength=b * n).reshape(b, n).astype(np.float64)
