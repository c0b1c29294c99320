import numpy as np
import pandas as pd
import pytest

from recsys_core.logs.windows import WindowSize, windows_between
from recsys_core.migration.cells import flow_cells, no_cells, shown_cells
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


@pytest.mark.parametrize(
    ("people", "shown"),
    [((40, 30, 20), {0, 1, 2}), ((40, 30, 9), {0}), ((40, 30, 9, 9), {0}), ((9, 30), set()), ((9, 8), set())],
)
def test_no_interest_that_few_left_can_be_worked_out_from_the_others(people, shown):
    steps = [("w1", "w2", source, to, n) for source, n in enumerate(people) for to in (0, 1)]
    elsewhere = [("w2", "w3", source, 0, 50) for source in range(2)]
    columns = ["from_window", "to_window", "from_interest", "to_interest", "n_users"]
    found = shown_cells(pd.DataFrame(steps + elsewhere, columns=columns))
    assert set(found[found["from_window"] == "w1"]["from_interest"]) == shown
    assert len(found) == 2 * len(shown) + 2
