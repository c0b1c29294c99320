"""Held-out windows: users whose next mix is known but was not shown to the forecaster, and how it missed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from recsys_core.logs.windows import Window
from recsys_core.migration.arrays import Floats, Ints
from recsys_core.migration.forecasters import Expectation, Forecaster
from recsys_core.migration.mixes import Mixes
from recsys_core.migration.smoothing import SMOOTHINGS, Smoothing, crowd_mix
from recsys_core.privacy import SMALLEST_GROUP

_LEAST: Final = 1e-12


@dataclass(frozen=True, eq=False)
class HeldOut:
    """The users of window ``cut`` who were active before it: ``user`` (N,) ascending, what they did then
    ``truth`` (N, K), rows sum to 1, all their mixes ``people``, and the crowd's mix before it ``crowd`` (K,).
    """

    cut: int
    user: Ints
    truth: Floats
    people: Mixes
    crowd: Floats


@dataclass(frozen=True)
class Tuned:
    """A forecaster with the parameter and smoothing that missed least on a held-out window."""

    forecaster: Forecaster
    parameter: float
    smoothing: Smoothing

    def forecast(self, people: Mixes, cut: int, crowd: Floats) -> Expectation:
        """The next mix of everybody in ``people`` who was active before ``cut``, smoothed."""
        expected = self.forecaster.expect(people, cut, self.parameter)
        return Expectation(expected.user, self.smoothing.smoothed(expected, crowd), expected.n_events)

    def answer(self, held: HeldOut) -> Floats:
        """(N, K) the forecast for each user of ``held``."""
        return self.forecast(held.people, held.cut, held.crowd).share


def whole_windows_with_returning(mixes: Mixes, windows: Sequence[Window]) -> list[int]:
    """Positions of the windows that the log covers whole, in which at least 10 users were active who had
    been active before.
    """
    returned = np.flatnonzero(mixes.user[1:] == mixes.user[:-1]) + 1
    people = np.bincount(mixes.window[returned], minlength=len(windows))
    return [w for w in range(len(windows)) if people[w] >= SMALLEST_GROUP and not windows[w].partial]


def hold_out(mixes: Mixes, cut: int) -> HeldOut:
    """The users who return in window ``cut``."""
    before = np.zeros(int(mixes.user.max(initial=-1)) + 1, np.bool_)
    before[mixes.user[mixes.window < cut]] = True
    back = mixes.select((mixes.window == cut) & before[mixes.user])
    wanted = np.zeros(len(before), np.bool_)
    wanted[back.user] = True
    people = mixes.select(wanted[mixes.user])
    return HeldOut(cut, back.user, back.share, people, crowd_mix(mixes, cut))


def tune(forecaster: Forecaster, held: HeldOut) -> Tuned:
    """The parameter and smoothing with the least mean log-loss on ``held``; the first of equals."""
    best, least = Tuned(forecaster, forecaster.parameters[0], SMOOTHINGS[0]), np.inf
    row, column = np.nonzero(held.truth)  # few: nobody does everything
    done, crowd = held.truth[row, column], held.crowd[column]
    for parameter in forecaster.parameters:
        expected = forecaster.expect(held.people, held.cut, parameter)
        own = expected.share[row, column]
        for smoothing in SMOOTHINGS:
            weight = smoothing.crowd_weight(expected.n_events)[row]
            loss = -(done * np.log((1 - weight) * own + weight * crowd)).sum()
            if loss < least - _LEAST * len(row):
                best, least = Tuned(forecaster, parameter, smoothing), loss
    return best


def log_loss(forecast: Floats, truth: Floats) -> Floats:
    """(N,) nats per event: -Σ truth · log(forecast), both (N, K); ≥ 0."""
    return -np.asarray((truth * np.log(np.maximum(forecast, _LEAST))).sum(axis=1))


def js_distance(forecast: Floats, truth: Floats) -> Floats:
    """(N,) Jensen–Shannon distance in [0, 1]: the square root of the divergence in bits.

    Source: Endres & Schindelin 2003, "A new metric for probability distributions".
    """
    middle = (forecast + truth) / 2
    apart = (_relative(forecast, middle) + _relative(truth, middle)) / 2
    return np.sqrt(np.clip(apart, 0.0, 1.0))


def missed(forecast: Floats, truth: Floats) -> Floats:
    """(N,) fraction in [0, 1] of what a user did outside the interest that the forecast held most likely."""
    return np.asarray(1 - truth[np.arange(len(truth)), forecast.argmax(axis=1)])


def _relative(share: Floats, to: Floats) -> Floats:
    ratio = np.divide(share, to, out=np.ones_like(share), where=share > 0)
    return np.asarray((share * np.log2(ratio)).sum(axis=1))
