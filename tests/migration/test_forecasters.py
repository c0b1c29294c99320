import numpy as np

from recsys_core.migration.forecasters import Method, MovingAverage, Persistence, running_average
from recsys_core.migration.mixes import Mixes

# Ann in windows 0, 2 and 3; Bob in 1 only.
PEOPLE = Mixes(
    np.array([0, 0, 0, 1]),
    np.array([0, 2, 3, 1]),
    np.array([[1.0, 0], [0, 1.0], [0.5, 0.5], [1.0, 0]]),
    np.array([4, 1, 2, 3]),
)


def test_persistence_is_the_last_active_window_before_the_cut():
    expected = Persistence().expect(PEOPLE, 3, 1.0)
    assert expected.user.tolist() == [0, 1]
    assert expected.share.tolist() == [[0, 1], [1, 0]]
    assert expected.n_events.tolist() == [1, 3]
    assert Persistence.name == Method.PERSISTENCE


def test_an_average_by_hand():
    # Rate 1/2: the four events of window 0 count for one, the one of window 2 for half, the last two whole.
    expected = MovingAverage().expect(PEOPLE, 9, 0.5)
    assert expected.n_events.tolist() == [1 + 0.5 + 2, 3]
    assert np.allclose(expected.share, [[(1 + 1) / 3.5, (0.5 + 1) / 3.5], [1, 0]])


def test_a_running_average_sees_nothing_of_what_comes_later():
    share, n_events = running_average(PEOPLE, 0.5)
    assert np.allclose(n_events, [4, 3, 3.5, 3])
    assert np.allclose(share[:2, 0], [1, 2 / 3])
    assert np.array_equal(running_average(PEOPLE, 1.0)[0], PEOPLE.share)


def test_nobody_was_active_before_the_first_window():
    for forecaster in (Persistence(), MovingAverage()):
        assert forecaster.expect(PEOPLE, 0, 0.5).share.shape == (0, 2)
