import numpy as np
import pytest

from recsys_core.recommend.paired import intervals, ratio_interval, ratio_test

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


def test_p_and_interval_say_the_same() -> None:
    theirs = RNG.random(200)
    for shift in (0.0, 0.03, 0.06, 0.2, -0.2):
        test = ratio_test(theirs + shift + RNG.normal(0, 0.3, 200).clip(-0.3), theirs, RNG)
        outside = not test.ratio.low <= 1 <= test.ratio.high
        assert outside == (test.p < 0.05) or abs(test.p - 0.05) < 0.002


def test_two_equal_columns_have_no_difference() -> None:
    same = RNG.random(30)
    test = ratio_test(same, same, RNG)
    assert (test.p, test.ratio.low, test.ratio.high) == (1.0, 1.0, 1.0)


def test_where_there_is_no_difference_p_is_even() -> None:
    p = []
    for _ in range(200):
        pair = RNG.random((60, 2)) * (RNG.random((60, 2)) < 0.3)  # most people are served nothing, as in life
        p.append(ratio_test(pair[:, 0], pair[:, 1], RNG).p)
    assert sum(one <= 0.05 for one in p) <= 20  # 10 expected, more than 20 in about 1 of 1,000
