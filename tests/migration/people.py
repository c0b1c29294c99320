"""Mixes of invented people, window by window."""

from collections.abc import Callable

import numpy as np

from recsys_core.logs.windows import Window, WindowSize, windows_between
from recsys_core.migration.mixes import Mixes


def months(n: int) -> tuple[Window, ...]:
    """The first ``n`` months of 2013 and later, all whole."""
    first, end = ((np.datetime64("2013-01") + at).astype("M8[s]").astype(int) for at in (0, n))
    return windows_between(int(first), int(end) - 1, WindowSize.MONTH)


def mixes_of(share: np.ndarray, n_events: int = 1) -> Mixes:
    """``share`` (users, windows, K), NaN in windows where a user was not active."""
    user, window = np.nonzero(~np.isnan(share[:, :, 0]))
    return Mixes(user, window, share[user, window], np.full(len(user), n_events))


def drawn(taste: np.ndarray, n_events: int, rng: np.random.Generator) -> Mixes:
    """Mixes of ``n_events`` events each, drawn from ``taste`` (users, windows, K)."""
    return mixes_of(rng.multinomial(n_events, taste) / n_events, n_events)


def walkers(
    rng: np.random.Generator, n_users: int, n_windows: int, moves: np.ndarray | Callable[[int], np.ndarray]
) -> np.ndarray:
    """(users, windows, K) who do one thing at a time and move by the matrix ``moves`` (K, K)."""
    k = len(moves if isinstance(moves, np.ndarray) else moves(0))
    at, seen = rng.integers(k, size=n_users), []
    for window in range(n_windows):
        seen.append(np.eye(k)[at])
        matrix = moves if isinstance(moves, np.ndarray) else moves(window)
        at = (rng.random(n_users)[:, None] < matrix[at].cumsum(axis=1)).argmax(axis=1)
    return np.stack(seen, axis=1)
