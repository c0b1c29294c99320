import numpy as np

from recsys_core.migration.forecasters import Expectation
from recsys_core.migration.mixes import Mixes
from recsys_core.migration.smoothing import SMOOTHINGS, Smoothing, crowd_mix


def test_little_evidence_counts_little():
    assert Smoothing(True, 3.0).crowd_weight(np.array([1.0, 3, 9])).tolist() == [0.75, 0.5, 0.25]
    assert Smoothing(False, 0.2).crowd_weight(np.array([1.0, 9])).tolist() == [0.2, 0.2]


def test_smoothed_by_hand():
    expected = Expectation(np.array([0]), np.array([[1.0, 0.0]]), np.array([1.0]))
    assert Smoothing(True, 1.0).smoothed(expected, np.array([0.4, 0.6])).tolist() == [[0.7, 0.3]]


def test_nothing_is_impossible():
    expected = Expectation(np.arange(2), np.eye(2), np.array([1.0, 1e4]))
    assert all((smoothing.smoothed(expected, np.full(2, 0.5)) > 0).all() for smoothing in SMOOTHINGS)


def test_the_crowd_is_that_of_the_last_window_with_ten_users():
    share = np.vstack([np.tile([1.0, 0, 0], (10, 1)), np.tile([0, 1.0, 0], (9, 1))])
    people = Mixes(np.arange(19), np.repeat([0, 1], [10, 9]), share, np.ones(19, np.int64))
    assert np.allclose(crowd_mix(people, 2), np.array([10 + 1 / 3, 1 / 3, 1 / 3]) / 11)
    few = people.select(people.user >= 10)
    assert np.allclose(crowd_mix(few, 2), np.array([1 / 3, 9 + 1 / 3, 1 / 3]) / 10)
    assert np.allclose(crowd_mix(people, 0), 1 / 3)
