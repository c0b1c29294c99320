"""Intervals over people: the same resampled people for every model, so that differences are paired."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
SAMPLES = 2_000
CHUNK = 100
LARGEST_RATIO = 1_000.0
TEST_SAMPLES = 20_000  # so that p can be small enough to stay significant among some hundred tests


@dataclass(frozen=True)
class Interval:
    """A mean, or a ratio of means, and its 95 % bootstrap percentile interval."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class RatioTest:
    """``ratio`` of two means with its 95 % interval; ``p``: two-sided, of the ratio being 1."""

    ratio: Interval
    p: float


def resampled_means(values: Numbers, rng: np.random.Generator, samples: int = SAMPLES) -> Numbers:
    """(samples, M) means of ``values`` (P, M) over P people drawn with replacement, P ≥ 1; every column
    sees the same draws (paired bootstrap, Efron and Tibshirani 1993).
    """
    people = len(values)
    means = []
    for start in range(0, samples, CHUNK):
        drawn = rng.multinomial(people, np.full(people, 1 / people), min(CHUNK, samples - start))
        means.append(drawn @ values / people)
    return np.concatenate(means)


def intervals(values: Numbers, rng: np.random.Generator) -> tuple[Interval, ...]:
    """Mean and 95 % interval of each column of ``values`` (P, M)."""
    low, high = np.percentile(resampled_means(values, rng), [2.5, 97.5], axis=0)
    return tuple(Interval(*map(float, three)) for three in zip(values.mean(0), low, high, strict=True))


def ratio_interval(ours: Numbers, theirs: Numbers, rng: np.random.Generator) -> Interval:
    """Mean of ``ours`` (P,) over mean of ``theirs`` (P,), and its 95 % interval.

    Where theirs is 0, the ratio is 1 if ours is 0 too, else 1,000, which is also the largest.
    """
    pair = np.stack([ours, theirs], axis=1)
    ratios = ratio_of(*resampled_means(pair, rng).T)
    low, high = np.percentile(ratios, [2.5, 97.5])
    return Interval(float(ratio_of(*pair.mean(0)[:, None])[0]), float(low), float(high))


def ratio_test(ours: Numbers, theirs: Numbers, rng: np.random.Generator) -> RatioTest:
    """Whether the mean of ``ours`` (P,) is another than that of ``theirs`` (P,), P ≥ 1.

    p = 2 · min(#ratios ≤ 1, #ratios ≥ 1), one added to each count, over 20,000 bootstrap samples of the
    people: the level at which the percentile interval ends at 1 (Efron & Tibshirani 1993, chapter 15); at
    most 1, which is what two equal columns get.
    """
    pair = np.stack([ours, theirs], axis=1)
    ratios = ratio_of(*resampled_means(pair, rng, TEST_SAMPLES).T)
    low, high = np.percentile(ratios, [2.5, 97.5])
    beyond = min(int((ratios <= 1).sum()), int((ratios >= 1).sum())) + 1
    ratio = Interval(float(ratio_of(*pair.mean(0)[:, None])[0]), float(low), float(high))
    return RatioTest(ratio, min(1.0, 2 * beyond / (TEST_SAMPLES + 1)))


def ratio_of(ours: Numbers, theirs: Numbers) -> Numbers:
    """(N,) ``ours`` over ``theirs``, both (N,) ≥ 0, finite as told in ``ratio_interval``."""
    without = np.where(ours > 0, LARGEST_RATIO, 1.0)
    ratio: Numbers = np.divide(ours, theirs, out=without, where=theirs > 0)
    return np.minimum(ratio, LARGEST_RATIO)
