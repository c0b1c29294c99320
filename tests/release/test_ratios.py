import numpy as np
import pytest

from recsys_core.release.ratios import added_up, apart, on_simplex


@pytest.mark.parametrize(
    ("values", "nearest"),
    [
        ([0.2, 0.8], [0.2, 0.8]),
        ([0.6, 0.8], [0.4, 0.6]),
        ([-0.5, 0.7, 0.5], [0.0, 0.6, 0.4]),
        ([-1.0, -2.0], [1.0, 0.0]),
        ([0.0, 0.0], [0.5, 0.5]),
    ],
)
def test_shares_are_the_nearest_that_are_not_negative_and_add_up_to_one(values, nearest):
    assert on_simplex(np.array([values]))[0] == pytest.approx(nearest)


@pytest.mark.parametrize("share", [0.0, 0.03, 0.4, 1.0])
def test_intervals_hold_the_share_in_nineteen_of_twenty_cases(share):
    rng, n = np.random.default_rng(1), 4000
    part, whole = 300 * share + rng.laplace(0, 10, n), 300 + rng.laplace(0, 20, n)
    low, high = apart(10, 20).interval(part[:, None], whole)
    held = ((low <= share) & (share <= high)).mean()
    assert held > 0.95 - 5 * np.sqrt(0.05 * 0.95 / n)


def test_the_same_where_the_whole_is_the_sum_of_noisy_parts():
    rng, n, true = np.random.default_rng(2), 4000, np.array([0.6, 0.3, 0.1, 0.0])
    parts = 400 * true + rng.laplace(0, 8, (n, 4))
    low, high = added_up(8, 4).interval(parts, parts.sum(axis=1))
    held = ((low <= true) & (true <= high)).mean(axis=0)
    assert (held > 0.95 - 5 * np.sqrt(0.05 * 0.95 / n)).all()


def test_unlikely_noise_makes_no_interval_without_a_width():
    low, high = apart(10, 20).interval(np.array([[-500.0, 500.0]]), np.array([300.0]))
    assert low[0, 0] == 0
    assert high[0, 0] > 0.05
    assert low[0, 1] < 0.95


def test_less_noise_makes_narrower_intervals():
    part, whole = np.array([[90.0]]), np.array([300.0])
    widths = [float(np.diff(apart(s, s).interval(part, whole), axis=0)[0, 0, 0]) for s in (10, 1)]
    assert widths[1] < widths[0] / 3
