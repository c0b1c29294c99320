"""Columns of numbers per person, resampled once for all of them, so that any two can be compared."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recsys_core.recommend.paired import Interval, ratio_of, resampled_means

Numbers = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Resampled:
    """``means``: (C,) of the columns; ``samples``: (S, C) their means over drawn people, the same people in
    a row (paired bootstrap, Efron and Tibshirani 1993). All intervals are 95 % percentile intervals.
    """

    columns: tuple[str, ...]
    means: Numbers
    samples: Numbers

    @classmethod
    def of(cls, by_user: pd.DataFrame, rng: np.random.Generator) -> "Resampled":
        """Of a frame with a row per person, at least one, and only numbers."""
        values = by_user.to_numpy(np.float64)
        return cls(tuple(map(str, by_user.columns)), values.mean(0), resampled_means(values, rng))

    def __contains__(self, column: str) -> bool:
        """Whether there is such a column."""
        return column in self.columns

    def mean(self, column: str) -> Interval:
        """The mean of a column."""
        at = self.columns.index(column)
        return _interval(float(self.means[at]), self.samples[:, at])

    def difference(self, ours: str, theirs: str) -> Interval:
        """Mean of column ``ours`` less that of ``theirs``."""
        a, b = self.columns.index(ours), self.columns.index(theirs)
        return _interval(float(self.means[a] - self.means[b]), self.samples[:, a] - self.samples[:, b])

    def ratio(self, ours: str, theirs: str) -> Interval:
        """Mean of column ``ours`` over that of ``theirs``, both ≥ 0; finite as ``paired.ratio_interval``."""
        a, b = self.columns.index(ours), self.columns.index(theirs)
        value = ratio_of(self.means[[a]], self.means[[b]])
        return _interval(float(value[0]), ratio_of(self.samples[:, a], self.samples[:, b]))


def _interval(value: float, samples: Numbers) -> Interval:
    low, high = np.percentile(samples, [2.5, 97.5])
    return Interval(value, float(low), float(high))
