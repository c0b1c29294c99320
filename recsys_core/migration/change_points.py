"""Change points: since when an interest has been rising or fading."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from recsys_core.columns import DIRECTION, INTEREST, P_VALUE, Q_VALUE, SHIFT, WINDOW
from recsys_core.migration.arrays import Floats
from recsys_core.migration.discoveries import ALPHA, false_discovery_rates
from recsys_core.migration.tail import Tail

SHORTEST: Final = 2
"""A level of interest lasts at least so many windows."""

_NONE: Final = 1e-9


@dataclass(frozen=True)
class _Change:
    """Of interest ``code``, from window position ``at`` on, by ``shift`` of share."""

    code: int
    at: int
    shift: float
    p: float


def find_change_points(
    shares: Floats, shuffled: Floats, interests: list[int], windows: list[str]
) -> pd.DataFrame:
    """The frame ``Migration.change_points``.

    ``shares``: (W, K) mean share per window; ``shuffled``: (S, W, K) the same after each shuffle;
    windows without users left out of both. Each series is put in units of its own null (shuffle mean 0,
    deviation 1, so that windows with few users count as noisy as they are); PELT (Killick et al. 2012)
    with squared error and penalty 2 log(W) · noise² finds the changes. The strength of a change is the
    most squared error it saves over any stretch of 2, 4, 8, … windows before and after it, up to its
    neighbours; p: how often the strongest change anywhere in a shuffled series is as strong.
    Benjamini-Hochberg over all changes found, interests without one counted as p = 1. Changes whose share
    moves against the series (only the users changed, not their interests) are left out.
    """
    if len(windows) < 2 * SHORTEST or len(shuffled) < 2:
        return _frame([], windows, interests)
    centre, spread = shuffled.mean(axis=0), shuffled.std(axis=0)
    unit = np.where(spread > _NONE, spread, np.inf)
    series = (shares - centre) / unit
    by_chance = _strongest((shuffled - centre) / unit)
    found = []
    for k in range(len(interests)):
        for left, at, right in _segments(series[:, k]):
            shift = float(shares[at:right, k].mean() - shares[left:at, k].mean())
            if shift * (series[at:right, k].mean() - series[left:at, k].mean()) > 0:
                strength = _strength(series[left:right, k : k + 1], at - left)[0]
                found.append(_Change(k, at, shift, _p(float(strength), by_chance[:, k])))
    return _frame(found, windows, interests)


def _segments(series: Floats) -> list[tuple[int, int, int]]:
    """(previous change, change, next change) for every change."""
    cuts = _pelt(series)
    return list(zip([0, *cuts], cuts, [*cuts[1:], len(series)], strict=False))


def _pelt(series: Floats) -> list[int]:
    import ruptures

    noise = max(1.0, float(np.median(np.abs(np.diff(series)))) / 0.954)  # of a difference of two normals
    penalty = 2 * np.log(len(series)) * noise**2
    search = ruptures.Pelt(model="l2", min_size=SHORTEST, jump=1).fit(series)
    return [int(cut) for cut in search.predict(pen=penalty)[:-1]]


def _strongest(series: Floats) -> Floats:
    """(S, K) strength of the strongest change in each of ``series`` (S, W, K)."""
    n_windows = series.shape[1]
    stacked = np.moveaxis(series, 1, 0)  # (W, S, K)
    places = range(SHORTEST, n_windows - SHORTEST + 1)
    strongest: Floats = np.max([_strength(stacked, at) for at in places], axis=0)
    return strongest


def _strength(series: Floats, at: int) -> Floats:
    """Most squared error that a change of mean at ``at`` saves over stretches of 2, 4, 8, … windows of
    ``series`` (W, …) on either side: a · b / (a + b) times the squared difference of means.
    """
    best = np.zeros(series.shape[1:])
    for a in _stretches(at):
        before = series[at - a : at].mean(axis=0)
        for b in _stretches(len(series) - at):
            after = series[at : at + b].mean(axis=0)
            best = np.maximum(best, a * b / (a + b) * (before - after) ** 2)
    return best


def _stretches(longest: int) -> list[int]:
    return [SHORTEST << i for i in range(longest.bit_length()) if SHORTEST << i <= longest]


def _p(gain: float, by_chance: Floats) -> float:
    tail = Tail(np.array(gain))
    for value in by_chance:
        tail.add(np.asarray(value))
    return float(tail.p())


def _frame(found: list[_Change], windows: list[str], interests: list[int]) -> pd.DataFrame:
    unchanged = len(interests) - len({change.code for change in found})
    p = np.array([change.p for change in found], np.float64)
    q = false_discovery_rates(np.concatenate([p, np.ones(unchanged)]))[: len(p)]
    names = ["rising" if change.shift > 0 else "fading" for change in found]
    frame = pd.DataFrame(
        {
            INTEREST: np.array([interests[change.code] for change in found], np.int64),
            WINDOW: pd.Series([windows[change.at] for change in found], dtype="str"),
            DIRECTION: pd.Series(names, dtype="str"),
            P_VALUE: p,
            Q_VALUE: q,
            SHIFT: np.array([change.shift for change in found], np.float64),
        }
    )
    return frame[frame[Q_VALUE] <= ALPHA].reset_index(drop=True)
