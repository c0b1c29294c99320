"""Change points: since when an interest has been rising or fading."""

from typing import Final

import numpy as np
import pandas as pd

from recsys_core.columns import DIRECTION, INTEREST, P_VALUE, Q_VALUE, SHIFT, WINDOW
from recsys_core.migration.arrays import Floats
from recsys_core.migration.discoveries import ALPHA, false_discovery_rates
from recsys_core.migration.tail import Tail

SHORTEST: Final = 2
"""A level of interest lasts at least so many windows."""


def find_change_points(
    shares: Floats, shuffled: Floats, interests: list[int], windows: list[str]
) -> pd.DataFrame:
    """The frame ``Migration.change_points``.

    ``shares``: (W, K) mean share per window; ``shuffled``: (S, W, K) the same after each shuffle;
    windows without users left out of both. Each series is put in units of its own null (shuffle mean 0,
    deviation 1, so that windows with few users count as noisy as they are); PELT (Killick et al. 2012)
    with squared error and penalty 2 log(W) · noise² finds the changes. p: how often the best single
    change in a shuffled series explains as much as this one does between its neighbours.
    Benjamini-Hochberg over all changes found, interests without one counted as p = 1.
    """
    if len(windows) < 2 * SHORTEST or len(shuffled) < 2:
        return _frame([], windows, interests, np.zeros(0))
    centre, spread = shuffled.mean(axis=0), shuffled.std(axis=0)
    unit = np.where(spread > 1e-9, spread, np.inf)
    series = (shares - centre) / unit
    best_by_chance = _best_gains((shuffled - centre) / unit)
    found, p = [], []
    for k in range(len(interests)):
        cuts = _pelt(series[:, k])
        for left, at, right in zip([0, *cuts], cuts, [*cuts[1:], len(windows)], strict=False):
            found.append((k, at, float(shares[at:right, k].mean() - shares[left:at, k].mean())))
            p.append(_p(_gain(series[left:right, k], at - left), best_by_chance[:, k]))
    return _frame(found, windows, interests, np.array(p))


def _pelt(series: Floats) -> list[int]:
    import ruptures

    noise = max(1.0, float(np.median(np.abs(np.diff(series)))) / 0.954)  # of a difference of two normals
    penalty = 2 * np.log(len(series)) * noise**2
    search = ruptures.Pelt(model="l2", min_size=SHORTEST, jump=1).fit(series)
    return [int(cut) for cut in search.predict(pen=penalty)[:-1]]


def _gain(series: Floats, at: int) -> float:
    """Squared error saved by a change of mean at ``at``."""
    before, after = series[:at], series[at:]
    return float(len(before) * len(after) / len(series) * (before.mean() - after.mean()) ** 2)


def _best_gains(series: Floats) -> Floats:
    """(S, K) most squared error that one change of mean saves in ``series`` (S, W, K)."""
    n = series.shape[1]
    running, best = np.cumsum(series, axis=1), np.zeros((series.shape[0], series.shape[2]))
    for at in range(SHORTEST, n - SHORTEST + 1):
        before, after = running[:, at - 1] / at, (running[:, -1] - running[:, at - 1]) / (n - at)
        best = np.maximum(best, at * (n - at) / n * (before - after) ** 2)
    return best


def _p(gain: float, by_chance: Floats) -> float:
    tail = Tail(np.array(gain))
    for value in by_chance:
        tail.add(np.asarray(value))
    return float(tail.p())


def _frame(
    found: list[tuple[int, int, float]], windows: list[str], interests: list[int], p: Floats
) -> pd.DataFrame:
    unchanged = len(interests) - len({k for k, _, _ in found})
    q = false_discovery_rates(np.concatenate([p, np.ones(unchanged)]))[: len(p)]
    frame = pd.DataFrame(
        {
            INTEREST: np.array([interests[k] for k, _, _ in found], np.int64),
            WINDOW: pd.Series([windows[at] for _, at, _ in found], dtype="str"),
            DIRECTION: pd.Series(["rising" if shift > 0 else "fading" for *_, shift in found], dtype="str"),
            P_VALUE: p,
            Q_VALUE: q,
            SHIFT: np.array([shift for *_, shift in found], np.float64),
        }
    )
    return frame[frame[Q_VALUE] <= ALPHA].reset_index(drop=True)
