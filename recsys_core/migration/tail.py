"""Tail probabilities from shuffles: counted where there are enough, a fitted gamma curve beyond."""

from typing import Final

import numpy as np

from recsys_core.migration.arrays import Floats

ENOUGH: Final = 10
"""From so many shuffles at least as extreme as the truth, the count itself is the better estimate."""

_SAME: Final = 1e-9


class Tail:
    """Collects, one shuffle at a time, how a statistic falls out by chance.

    Keeps the first three moments and the count of shuffles at least as large as ``observed``, so memory
    does not grow with the number of shuffles.
    """

    def __init__(self, observed: Floats) -> None:
        """``observed``: the statistic in the data, any shape; larger is more extreme."""
        self._observed = observed
        self._n = np.zeros(observed.shape, np.int64)
        self._exceeding = np.zeros(observed.shape, np.int64)
        self._sums = np.zeros((3, *observed.shape))

    def add(self, shuffled: Floats) -> None:
        """The statistic in one more shuffle, same shape; NaN where it does not exist there."""
        exists = ~np.isnan(shuffled)
        above = np.where(exists, shuffled - self._observed, 0.0)  # centred on the truth: stable powers
        self._n += exists
        self._exceeding += exists & (above >= -_SAME)
        self._sums += np.stack([above, above**2, above**3])

    @property
    def mean(self) -> Floats:
        """The mean over the shuffles; the observed value where there was none."""
        expected: Floats = self._observed + self._sums[0] / np.maximum(self._n, 1)
        return expected

    @property
    def deviation(self) -> Floats:
        """The standard deviation over the shuffles, ≥ 0."""
        return np.sqrt(np.maximum(self._moments()[1], 0.0))

    def p(self) -> Floats:
        """One-sided p in (0, 1] of a value as large as ``observed``.

        (c + 1) / (n + 1) where c ≥ ``ENOUGH`` of n shuffles reach it; otherwise the tail of the Pearson
        III (gamma) distribution with the same three moments. Source:
        Winkler et al. 2016, "Faster permutation inference in brain imaging",
        doi 10.1016/j.neuroimage.2016.05.068. Careful, never bold: skew to the left is taken as none, and
        its standard error sqrt(6 / n) is added, since few shuffles know little of the far tail.
        """
        mean, variance, third = self._moments()
        deviation = np.sqrt(np.maximum(variance, 0.0))
        moving = deviation > _SAME
        scale = np.where(moving, deviation, 1.0)
        counted = (self._exceeding + 1) / (self._n + 1)
        skew = np.maximum(third / scale**3, 0.0) + np.sqrt(6 / np.maximum(self._n, 1))
        fitted = pearson_tail(-mean / scale, skew)
        return np.where((self._exceeding >= ENOUGH) | ~moving, counted, np.minimum(fitted, 1.0))

    def _moments(self) -> tuple[Floats, Floats, Floats]:
        n = np.maximum(self._n, 1)
        mean, second, third = self._sums / n
        return mean, second - mean**2, third - 3 * mean * second + 2 * mean**3


def pearson_tail(z: Floats, skew: Floats) -> Floats:
    """P(Z ≥ z) for Z of mean 0, deviation 1 and ``skew`` ≥ 0 (below: taken as 0) after Pearson III.

    With shape a = 4 / skew², Z = (G - a) · skew / 2 for G ~ Gamma(a). At least 1e-300.
    """
    from scipy.special import gammaincc, ndtr

    curved = skew > 0.01  # below that the normal curve is the same to three digits
    safe = np.where(curved, skew, 1.0)
    shape = 4 / safe**2
    gamma = gammaincc(shape, np.maximum(shape + 2 * z / safe, 0.0))
    tail: Floats = np.maximum(np.where(curved, gamma, ndtr(-z)), 1e-300)
    return tail
