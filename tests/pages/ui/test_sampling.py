import numpy as np

from pages.ui.sampling import spread_rows, stratified_rows


def test_a_sample_keeps_every_group_by_its_share() -> None:
    groups = np.repeat([0, 1, 2], [900, 99, 1])

    rows = stratified_rows(groups, 100)

    assert np.bincount(groups[rows]).tolist() == [90, 9, 1]
    assert np.array_equal(rows, stratified_rows(groups, 100))
    assert np.array_equal(stratified_rows(groups, 1000), np.arange(1000))


def test_some_rows_are_spread_over_all() -> None:
    assert spread_rows(np.arange(10), 4).tolist() == [0, 3, 6, 9]
    assert spread_rows(np.arange(3), 4).tolist() == [0, 1, 2]
    assert spread_rows(np.arange(3), 0).tolist() == []
