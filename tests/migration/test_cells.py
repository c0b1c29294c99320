import numpy as np

from recsys_core.logs.windows import WindowSize, windows_between
from recsys_core.migration.cells import flow_cells, no_cells
from recsys_core.migration.null import FlowEvidence

WINDOWS = windows_between(0, 86_400 * 40, WindowSize.MONTH)


def cells(n_users, error=0.05):
    evidence = FlowEvidence(
        share=np.array([[[0.75, 0.25], [np.nan, np.nan]]]),
        error=np.array([[[0.1, error], [np.nan, np.nan]]]),
        expected=np.array([[[0.9, 0.1], [0.5, 0.5]]]),
        p=np.array([[[0.9, 0.01], [1.0, 1.0]]]),
        n_users=np.array([[n_users, 0]]),
        window_sums=np.zeros((1, 2, 2)),
    )
    return flow_cells(evidence, [tuple(WINDOWS)], [6, 7], np.ones((2, 2), bool))


def test_held_interests_have_rows_and_movement_is_tested():
    stayed, moved = cells(n_users=10).to_dict("records")
    assert (stayed["from_interest"], stayed["to_interest"], stayed["p"], stayed["q"]) == (6, 6, 1, 1)
    assert (moved["from_window"], moved["to_window"], moved["to_interest"]) == ("1970-01", "1970-02", 7)
    assert np.allclose(
        [moved["share"], moved["excess"], moved["low"], moved["high"]], [0.25, 0.15, 0.152, 0.348]
    )
    assert (moved["p"], moved["q"], moved["significant"], moved["n_users"]) == (0.01, 0.01, True, 10)


def test_small_groups_are_not_tested():
    assert cells(n_users=9)["p"].tolist() == [1, 1]


def test_a_flow_that_few_users_carry_is_not_believed():
    assert cells(n_users=10, error=0.1)["p"].tolist() == [1, 1]


def test_no_cells_have_the_same_columns():
    assert no_cells().dtypes.equals(cells(10).dtypes)
