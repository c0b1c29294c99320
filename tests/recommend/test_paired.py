import numpy as np
import pytest

from recsys_core.recommend.paired import intervals, ratio_interval

RNG = np.random.default_rng(0)


def test_no_spread_no_width() -> None:
    (found,) = intervals(np.full((50, 1), 0.25), RNG)
    assert (found.mean, found.low, found.high) == (0.25, 0.25, 0.25)


def test_interval_of_a_fraction_is_the_binomial_one() -> None:
    values = (np.arange(400) % 4 == 0).astype(float)[:, None]
    (found,) = intervals(values, RNG)
    width = 1.96 * np.sqrt(0.25 * 0.75 / 400)
    assert found.low == pytest.approx(0.25 - width, abs=0.006)
    assert found.high == pytest.approx(0.25 + width, abs=0.006)


def test_pairs_are_resampled_together() -> None:
    theirs = RNG.random(100)
    ratio = ratio_interval(2 * theirs, theirs, RNG)
    assert (ratio.mean, ratio.low, ratio.high) == pytest.approx((2, 2, 2))


def test_ratio_to_nothing_stays_finite() -> None:
    nothing = np.zeros(10)
    assert ratio_interval(nothing, nothing, RNG).mean == 1
    assert ratio_interval(np.ones(10), nothing, RNG).mean == 1000
