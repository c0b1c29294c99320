import numpy as np

from recsys_core.migration.change_points import find_change_points

WINDOWS = [f"2013-{month:02d}" for month in range(1, 13)]


def noise(seed, size):
    return 0.5 + 0.02 * np.random.default_rng(seed).normal(size=size)


def test_a_step_is_found_where_it_is():
    shares = noise(0, (12, 2))
    shares[6:, 0] += 0.2
    shares[6:, 1] -= 0.2
    found = find_change_points(shares, noise(1, (200, 12, 2)), [7, 9], WINDOWS)
    assert found[["interest", "window", "direction"]].to_numpy().tolist() == [
        [7, "2013-07", "rising"],
        [9, "2013-07", "fading"],
    ]
    assert np.allclose(found["shift"], [0.2, -0.2], atol=0.02)


def test_noise_has_no_change_points_in_all_but_a_few_runs():
    runs = [
        find_change_points(noise(s, (12, 3)), noise(s + 99, (200, 12, 3)), [0, 1, 2], WINDOWS)
        for s in range(40)
    ]
    assert sum(len(run) > 0 for run in runs) <= 4


def test_too_few_windows_have_none():
    assert find_change_points(noise(0, (3, 1)), noise(1, (50, 3, 1)), [0], WINDOWS[:3]).empty
