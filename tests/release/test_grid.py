from datetime import UTC, datetime

import numpy as np

from recsys_core.logs.windows import WindowSize
from recsys_core.release.grid import held, public_windows
from recsys_core.release.noise import Noisy


def noisy(*values):
    return Noisy(np.array(values), 1, 1.0, 1.0)


def test_windows_go_from_a_fixed_day_to_the_import_whatever_the_log_holds():
    windows = public_windows(WindowSize.QUARTER, datetime(2024, 5, 3, tzinfo=UTC))
    assert (windows[0].id, windows[-1].id, len(windows)) == ("1995-Q1", "2024-Q2", 118)


def test_windows_between_those_that_surely_have_people_stay():
    assert held(noisy(0, 3, 90, 0, -2, 80, 12, 1)) == slice(2, 6)


def test_nowhere_surely_anybody_leaves_nothing():
    assert held(noisy(3, 11, 12)) == slice(0, 0)
