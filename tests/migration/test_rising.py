import numpy as np
import pytest

from recsys_core.migration.mixes import Mixes
from recsys_core.migration.rising import share_change


def change(user, window, first):
    share = np.column_stack([first, 1 - np.asarray(first, float)])
    mixes = Mixes(np.array(user), np.array(window), share, np.ones(len(user), np.int64))
    return share_change(mixes, 0, 2, np.array([7, 8]))


def test_ranked_by_hand_with_other_windows_left_out():
    found = change([0, 0, 0, 1, 1, 2], [0, 1, 2, 0, 2, 2], [0.2, 0, 0.6, 0.4, 1.0, 0.5])
    assert (found.n_before, found.n_after, found.n_both) == (2, 3, 2)
    assert found.table["interest"].tolist() == [7, 8]
    assert found.table.loc[0, ["before", "after", "shift"]].tolist() == pytest.approx([0.3, 0.7, 0.4])
    mine = [-0.1 / 6**0.5 + 0.1 / 2**0.5, 0.3 / 6**0.5 - 0.1 / 2**0.5, -0.2 / 6**0.5]
    error = 1.96 * np.sqrt(np.square(mine).sum())
    assert found.table.loc[0, ["low", "high"]].tolist() == pytest.approx([0.4 - error, 0.4 + error])


def test_the_interval_covers_the_truth_for_the_same_people_and_for_others():
    rng = np.random.default_rng(0)
    for n_both in (0, 15, 30):
        covered, widths = 0, []
        for _ in range(400):
            taste = rng.beta(2, 2, 60 - n_both)  # 30 per window
            before, after = np.arange(30), np.arange(30 - n_both, 60 - n_both)
            first = np.concatenate([rng.binomial(8, taste[before]), rng.binomial(8, taste[after])]) / 8
            found = change(np.concatenate([before, after]), np.repeat([0, 2], 30), first).table.iloc[0]
            covered += found["low"] <= 0 <= found["high"]
            widths.append(found["high"] - found["low"])
        assert covered / 400 == pytest.approx(0.945, abs=0.03)
    assert np.mean(widths) < 0.2  # with everybody in both windows; 0.29 for different people


def test_a_window_of_one_user_is_refused():
    with pytest.raises(ValueError, match="1 and 2 users"):
        change([0, 0, 1], [0, 2, 2], [0.5, 0.5, 0.5])
