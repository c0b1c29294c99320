"""The crowd's next shares, by the same methods as a user's next mix, with the errors they made before."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from recsys_core.columns import (
    BETTER,
    CHOSEN,
    DIFFERENCE,
    DIFFERENCE_HIGH,
    DIFFERENCE_LOW,
    FORECAST,
    HIGH,
    INTEREST,
    LOW,
    MEASURE,
    METHOD,
    N_COMPARED,
    SETTING,
    SHARE,
    VALUE,
)
from recsys_core.migration.arrays import Floats
from recsys_core.migration.comparison import SCORE_COLUMNS, SHARE_ERROR
from recsys_core.migration.forecasters import Forecaster, Persistence
from recsys_core.migration.mixes import Mixes
from recsys_core.privacy import SMALLEST_GROUP

RECENT: Final = 13
"""Errors are taken from so many windows at most, the first of which is only looked back at."""

_ALIKE: Final = 0.25
"""Older windows with fewer users than this fraction of the last one's tell noise, and are left out …"""

_LEAST: Final = 4
"""… as long as so many are left."""

_TINY: Final = 1e-12
_LIKELY: Final = 0.975


@dataclass(frozen=True, eq=False)
class NextShares:
    """``table``: ``interest`` (code), ``share`` now, ``forecast``, ``low``, ``high`` (95 %), fractions.
    ``scores``: rows of ``Migration.forecast_scores`` on windows. ``now``: position of the last window.
    """

    table: pd.DataFrame
    scores: pd.DataFrame
    now: int


@dataclass(frozen=True, eq=False)
class _Crowd:
    """The shares of V windows as the mixes of one person, and their squared standard errors (V, K)."""

    mixes: Mixes
    variance: Floats


@dataclass(frozen=True, eq=False)
class _Record:
    """How one method did: ``misses`` (V - 1, K) truth less forecast in every window but the first, its
    parameter chosen by the windows before; ``parameter``: the one to go on with.
    """

    forecaster: Forecaster
    misses: Floats
    parameter: float

    @property
    def errors(self) -> Floats:
        """(V - 1,) absolute error, mean over interests, fractions."""
        return np.asarray(np.abs(self.misses).mean(axis=1))


def next_shares(people: Mixes, others: Sequence[Forecaster], until: int) -> NextShares:
    """The mean mix of the users of the window after the last before ``until`` with at least 10 users, of
    which there must be three.

    Every method forecasts each of the last 12 such windows from those before it. Chosen is the least mean
    absolute error among those below persistence with their whole 95 % interval (Student's t of the paired
    differences over windows), else persistence.

    Interval of share s: s ± t · sqrt(2 c v + τ² s (1 - s)). v is the squared standard error over users of
    the share now; twice, since the next window's users are drawn anew and taken to be as many. What the
    chosen method missed in past windows beyond such noise is τ² = Σ (miss² - noise) / Σ s (1 - s), noise
    being v_before + v_then; where it missed less, since many users are the same, τ² is 0 and the noise is
    scaled by c = Σ miss² / Σ noise. t has as many degrees of freedom as there were windows to miss.
    """
    crowd = _crowd(people, until)
    records = [_record(forecaster, crowd) for forecaster in (Persistence(), *others)]
    scores = _scores(records)
    chosen = records[int(scores[CHOSEN].argmax())]
    table = _intervals(chosen, crowd, until).assign(interest=np.arange(people.share.shape[1]))
    return NextShares(table[[INTEREST, SHARE, FORECAST, LOW, HIGH]], scores, int(crowd.mixes.window[-1]))


def _crowd(people: Mixes, until: int) -> _Crowd:
    counts = np.bincount(people.window[people.window < until], minlength=1)
    windows = np.flatnonzero(counts >= SMALLEST_GROUP)
    alike = int((counts[windows] >= _ALIKE * counts[windows[-1]]).argmax())
    windows = windows[max(0, min(alike, len(windows) - _LEAST)) :][-RECENT:]
    groups = (people.share[people.window == window] for window in windows)  # one after another
    found = [(group.mean(axis=0), group.var(axis=0, ddof=1) / len(group)) for group in groups]
    share, variance = (np.stack(each) for each in zip(*found, strict=True))
    return _Crowd(Mixes(np.zeros(len(windows), np.int64), windows, share, counts[windows]), variance)


def _record(forecaster: Forecaster, crowd: _Crowd) -> _Record:
    shares, windows = crowd.mixes.share, crowd.mixes.window
    misses = np.stack(
        [
            [then - _next(forecaster, crowd, int(window), parameter) for parameter in forecaster.parameters]
            for then, window in zip(shares[1:], windows[1:], strict=True)
        ]
    )  # (V - 1, parameters, K)
    so_far = np.abs(misses).mean(axis=2).cumsum(axis=0)
    best = np.concatenate([[0], so_far.argmin(axis=1)])  # of the first window nothing is known before
    chosen = misses[np.arange(len(misses)), best[:-1]]
    return _Record(forecaster, chosen, forecaster.parameters[best[-1]])


def _next(forecaster: Forecaster, crowd: _Crowd, cut: int, parameter: float) -> Floats:
    share: Floats = forecaster.expect(crowd.mixes, cut, parameter).share[0]
    return share


def _scores(records: Sequence[_Record]) -> pd.DataFrame:
    errors = np.column_stack([record.errors for record in records])
    apart = errors - errors[:, :1]
    (low, high), (less, more) = _mean_interval(errors), _mean_interval(apart)
    chosen = np.where(more < 0, errors.mean(axis=0), errors[:, 0].mean()).argmin()
    table = {
        METHOD: [str(record.forecaster.name) for record in records],
        MEASURE: SHARE_ERROR,
        VALUE: errors.mean(axis=0),
        LOW: low,
        HIGH: high,
        DIFFERENCE: apart.mean(axis=0),
        DIFFERENCE_LOW: less,
        DIFFERENCE_HIGH: more,
        BETTER: more < 0,
        CHOSEN: np.arange(len(records)) == chosen,
        N_COMPARED: len(errors),
        SETTING: [f"{record.parameter:g}" for record in records],
    }
    return pd.DataFrame(table).astype(SCORE_COLUMNS)


def _intervals(chosen: _Record, crowd: _Crowd, until: int) -> pd.DataFrame:
    noise, missed = (crowd.variance[:-1] + crowd.variance[1:]).sum(), (chosen.misses**2).sum()
    expected = crowd.mixes.share[1:] - chosen.misses
    beyond = max(0.0, missed - noise) / max((expected * (1 - expected)).sum(), _TINY)
    less = min(1.0, missed / max(noise, _TINY))
    share = _next(chosen.forecaster, crowd, until, chosen.parameter)
    half = _t(len(expected)) * np.sqrt(2 * less * crowd.variance[-1] + beyond * share * (1 - share))
    low, high = np.clip(share - half, 0, 1), np.clip(share + half, 0, 1)
    return pd.DataFrame({SHARE: crowd.mixes.share[-1], FORECAST: share, LOW: low, HIGH: high})


def _mean_interval(values: Floats) -> tuple[Floats, Floats]:
    """Low and high of the means over windows (V, M), V ≥ 2."""
    n = len(values)
    half = _t(n - 1) * values.std(axis=0, ddof=1) / np.sqrt(n)
    return values.mean(axis=0) - half, values.mean(axis=0) + half


def _t(freedom: int) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(freedom, _LIKELY))
