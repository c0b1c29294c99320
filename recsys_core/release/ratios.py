"""Shares of noisy sums, and how far they may be from those without noise."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from recsys_core.migration.arrays import Floats
from recsys_core.randomness import rng_from
from recsys_core.release.noise import CONFIDENCE

_DRAWS: Final = 20_000
_STEP: Final = 1 / 400
_SHARES: Final = np.linspace(0, 1, 21)


@dataclass(frozen=True, eq=False)
class Spread:
    """How noise falls on a part and on its whole: draws of both together, each (D,)."""

    part: Floats
    whole: Floats

    @property
    def of_whole(self) -> float:
        """What the noise of the whole exceeds, up or down, in 5 % of cases."""
        return float(np.quantile(np.abs(self.whole), CONFIDENCE))

    def interval(self, part: Floats, whole: Floats) -> tuple[Floats, Floats]:
        """(N, K) low and high, each, of the 95 % interval of the share, by noise alone, of a noisy ``part``
        (N, K) in its ``whole`` (N,) > 0.

        All shares s for which part - s · whole is no rarer than its noise allows (Fieller 1954), on a grid of
        1/400 whose ends are moved out by one step. A part beyond 0 or the whole counts as there, so that
        unlikely noise makes no interval without a width.
        """
        part = np.clip(part, 0, whole[:, None])
        low, high = part / whole[:, None] - _STEP, part / whole[:, None] + _STEP
        for share in np.arange(0, 1 + _STEP, _STEP):
            inside = np.abs(part - share * whole[:, None]) <= self._reach(share)
            low = np.where(inside, np.minimum(low, share - _STEP), low)
            high = np.where(inside, np.maximum(high, share + _STEP), high)
        return np.clip(low, 0, 1).round(4), np.clip(high, 0, 1).round(4)

    @cached_property
    def _reaches(self) -> Floats:
        """What the noise of part - s · whole exceeds in 5 % of cases, for some s from 0 to 1."""
        return np.array([np.quantile(np.abs(self.part - s * self.whole), CONFIDENCE) for s in _SHARES])

    def _reach(self, share: float) -> float:
        return float(np.interp(share, _SHARES, self._reaches))


def apart(scale: float, scale_of_whole: float) -> Spread:
    """Where both have Laplace noise of their own."""
    rng = rng_from(0, "noise of a share")  # no secret: only how noise of this kind is spread
    return Spread(rng.laplace(0, scale, _DRAWS), rng.laplace(0, scale_of_whole, _DRAWS))


def added_up(scale: float, n: int) -> Spread:
    """Where the whole is the sum of ``n`` ≥ 1 parts with Laplace noise; a sum of it is the difference of two
    gamma variables.
    """
    rng = rng_from(0, "noise of a share in a sum", str(n))
    own = rng.laplace(0, scale, _DRAWS)
    others = rng.gamma(n - 1, scale, _DRAWS) - rng.gamma(n - 1, scale, _DRAWS)
    return Spread(own, own + others)


def on_simplex(values: Floats) -> Floats:
    """The nearest rows of shares to rows of ``values`` (N, K): none below 0, each row adding up to 1.

    What is too much in a row is taken off each of its values alike, as far as they reach. Duchi,
    Shalev-Shwartz, Singer, Chandra 2008.
    """
    falling = -np.sort(-values, axis=1)
    over = (np.cumsum(falling, axis=1) - 1) / np.arange(1, values.shape[1] + 1)
    last = (falling > over).sum(axis=1) - 1
    nearest: Floats = np.maximum(values - over[np.arange(len(values)), last][:, None], 0)
    return nearest
