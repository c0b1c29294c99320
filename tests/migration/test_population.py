import numpy as np

from recsys_core.logs.windows import WindowSize, windows_between
from recsys_core.migration.mixes import Mixes
from recsys_core.migration.population import population_drift
from recsys_core.progress import Silent

WINDOWS = windows_between(0, 86_400 * 80, WindowSize.MONTH)
CORNERS = np.eye(2)


def drift(user, window, first):
    share = np.column_stack([first, 1 - np.array(first)])
    mixes = Mixes(np.array(user), np.array(window), share, np.ones(len(user), np.int64))
    return population_drift(mixes, WINDOWS, CORNERS, np.random.default_rng(0), 100, Silent())


def test_distance_by_hand():
    # Two users at one corner, then two others at the opposite one: 2 · √2 - 0 - 0.
    table = drift([0, 1, 2, 3], [0, 0, 1, 1], [1.0, 1, 0, 0])
    assert table[["from_window", "to_window", "n_users"]].to_numpy().tolist() == [["1970-01", "1970-02", 4]]
    assert np.isclose(table["distance"][0], 2 * np.sqrt(2))


def test_a_crowd_that_moved_and_one_that_did_not():
    rng = np.random.default_rng(2)
    user, window = np.repeat(np.arange(80), 3), np.tile([0, 1, 2], 80)
    first = np.where(window == 2, rng.beta(4, 2, 240), rng.beta(2, 4, 240))
    table = drift(user, window, first)
    assert table["p"][0] > 0.05
    assert table["p"][1] < 1e-6
    assert table["noise"].max() < 0.1 * table["distance"][1]


def test_windows_with_one_user_are_left_out():
    assert drift([0, 1, 2], [0, 1, 1], [1.0, 0, 0]).empty
