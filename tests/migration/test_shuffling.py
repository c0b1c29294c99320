import numpy as np
import pytest

from recsys_core.logs.windows import WindowSize, windows_between
from recsys_core.migration.layout import lay_out
from recsys_core.migration.shuffling import Shuffler

ROWS = [
    ("ann", "2013-01-05 10:00", 0, 0),
    ("ann", "2013-01-05 11:00", 1, 0),
    ("ann", "2013-02-01", 2, 0),
    ("bob", "2013-02-01", 3, 0),
    ("bob", "2013-03-01", 4, 0),
]


@pytest.fixture
def orders(worlds):
    dataset = worlds.dataset(ROWS)
    windows = windows_between(int(dataset.time.min()), int(dataset.time.max()), WindowSize.MONTH)
    shuffler, rng = Shuffler(lay_out(dataset, windows)), np.random.default_rng(0)
    return {tuple(shuffler.order(rng).tolist()) for _ in range(100)}


def test_every_order_of_sittings_within_a_user_occurs_and_no_other(orders):
    assert orders == {(0, 1, 2, 3, 4), (2, 0, 1, 3, 4), (0, 1, 2, 4, 3), (2, 0, 1, 4, 3)}
