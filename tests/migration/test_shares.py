import numpy as np
import pandas as pd

from recsys_core.logs.windows import WindowSize, windows_between
from recsys_core.migration.mixes import Mixes
from recsys_core.migration.shares import interest_events, interest_shares

WINDOWS = windows_between(0, 86_400 * 80, WindowSize.MONTH)  # 1970-01 … 1970-03


def shares(window, share):
    n = len(window)
    mixes = Mixes(np.arange(n), np.array(window), np.array(share, float), np.ones(n, np.int64))
    return interest_shares(mixes, WINDOWS, [4, 5], "films", np.random.default_rng(0))


def test_mean_over_users_and_no_rows_for_an_empty_window():
    table = shares([0, 0, 2], [[1, 0], [0.5, 0.5], [0, 1]])
    expected = [
        ["1970-01", 4, "films", 0.75, 0.5, 1.0],
        ["1970-01", 5, "films", 0.25, 0.0, 0.5],
        ["1970-03", 4, "films", 0.0, 0.0, 1.0],
        ["1970-03", 5, "films", 1.0, 0.0, 1.0],
    ]
    columns = ["window", "interest", "domain", "share", "low", "high"]
    pd.testing.assert_frame_equal(table, pd.DataFrame(expected, columns=columns))


def test_the_interval_is_as_wide_as_theory_says():
    rng = np.random.default_rng(1)
    first = rng.random(400)
    row = shares([1] * 400, np.column_stack([first, 1 - first])).iloc[0]
    assert abs((row["high"] - row["low"]) / (2 * 1.96 * first.std() / 20) - 1) < 0.12


def test_events_and_people_of_each_interest(worlds):
    rows = [("ann", "2013-01-05", 1, 0), ("ann", "2013-01-06", 1, 1), ("bob", "2013-01-06", 1, 0)]
    rows += [("bob", "2013-03-01", 4, 1)]
    dataset = worlds.dataset(rows, domains=("films", "books"))
    found = interest_events(dataset, worlds.interests(dataset), 0, WindowSize.MONTH)
    assert found.to_numpy().tolist() == [["2013-01", 1, 3, 2], ["2013-03", 4, 1, 1]]
    books = interest_events(dataset, worlds.interests(dataset), 0, WindowSize.MONTH, "books")
    assert books.to_numpy().tolist() == [["2013-01", 1, 1, 1], ["2013-03", 4, 1, 1]]
