import numpy as np
import pandas as pd
import pytest

from recsys_core.logs.windows import WindowSize, windows_between
from recsys_core.migration.departure import SHUFFLES, departures
from recsys_core.migration.layout import lay_out

JANUARY, FEBRUARY, MARCH = ([f"2013-0{month}-{day:02}" for day in (5, 6, 7)] for month in (1, 2, 3))


def of(worlds, rows, users=None, seed=0, **options):
    """Departures by month; of the user rows ``users`` only, where given."""
    dataset = worlds.dataset(rows)
    windows = windows_between(int(dataset.time.min()), int(dataset.time.max()), WindowSize.MONTH)
    layout = lay_out(dataset, windows)
    if users is not None:
        layout = layout.select_users(np.isin(np.arange(dataset.n_users), users))
    interests = worlds.interests(dataset)
    rng = np.random.default_rng(seed)
    return departures(layout, interests.item_interest[0], len(worlds.names), windows, rng, **options)


def taken(user, days, interests):
    return [(user, day, interest, 0) for day, interest in zip(days, interests, strict=True)]


def outside(table):
    return (table["drift"] < table["low"]) | (table["drift"] > table["high"])


def test_a_window_is_compared_with_everything_before_it(worlds):
    rows = [*taken("ann", JANUARY, (0, 0, 0)), *taken("ann", FEBRUARY, (0, 3, 3))]
    rows += taken("ann", MARCH, (3, 3, 3))
    table = of(worlds, rows)
    assert table["window"].tolist() == ["2013-02", "2013-03"]
    assert table["drift"].tolist() == pytest.approx([2 / 3, 4 / 6])
    assert table[["n_events", "n_users"]].to_numpy().tolist() == [[3, 1], [3, 1]]
    assert ((table["low"] <= table["expected"]) & (table["expected"] <= table["high"])).all()


def test_of_several_people_the_means_are_compared_whoever_is_more_active(worlds):
    moved = [*taken("ann", JANUARY, (0, 0, 0)), *taken("ann", FEBRUARY, (3, 3, 3))]
    stayed = [*taken("bob", JANUARY, (0, 0, 0)), *taken("bob", 2 * FEBRUARY, 6 * (0,))]
    new = taken("cat", FEBRUARY, (4, 4, 4))
    table = of(worlds, moved + stayed + new, fewest_users=2)
    assert table["drift"].tolist() == pytest.approx([0.5])
    assert table[["n_events", "n_users"]].to_numpy().tolist() == [[9, 2]]


def test_too_few_events_or_people_are_not_told(worlds):
    rows = [*taken("ann", JANUARY, (0, 0, 0)), *taken("ann", FEBRUARY[:2], (3, 3))]
    assert of(worlds, rows).empty
    assert of(worlds, rows, fewest_events=2)["window"].tolist() == ["2013-02"]
    assert of(worlds, rows, fewest_events=2, fewest_users=2).empty
    assert list(of(worlds, rows)) == list(of(worlds, rows, fewest_events=2))


def test_who_has_one_interest_or_one_day_is_never_outside(worlds):
    same = [*taken("ann", JANUARY, (0, 0, 0)), *taken("ann", FEBRUARY, (0, 0, 0))]
    table = of(worlds, same)
    assert table[["drift", "expected", "low", "high"]].to_numpy().tolist() == [[0, 0, 0, 0]]
    two_days = [*taken("ann", 3 * JANUARY[:1], (0, 0, 0)), *taken("ann", 3 * FEBRUARY[:1], (3, 3, 3))]
    table = of(worlds, two_days)
    assert table["drift"].tolist() == [1]
    assert not outside(table).any()


@pytest.fixture
def still(worlds):
    return worlds.random(1, n_users=40, events=70)


def test_of_people_who_stay_one_window_in_twenty_is_outside(worlds, still):
    tables = [of(worlds, still, [user], seed=user) for user in range(25)]
    wrong = outside(pd.concat(tables))
    assert len(wrong) > 200
    assert 0.02 < wrong.mean() < 0.08


def test_of_groups_that_stay_too(worlds, still):
    tables = [
        of(worlds, still, np.arange(first, first + 10), seed=first, fewest_events=1, fewest_users=10)
        for first in range(0, 30, 2)
    ]
    wrong = outside(pd.concat(tables))
    assert len(wrong) > 150
    assert wrong.mean() < 0.11  # the groups overlap, so this is less sure than its number says


def test_who_moves_is_outside_when_they_do(worlds):
    rows = worlds.random(2, n_users=12, events=60, movers=12, noise=0.1)
    group = of(worlds, rows, fewest_events=1, fewest_users=10).set_index("window")
    assert outside(group)["2013-07"]
    assert group["drift"]["2013-07"] > 2 * group["high"]["2013-07"]
    alone = [of(worlds, rows, [user]).set_index("window") for user in range(12)]
    assert np.mean([outside(table).get("2013-07", False) for table in alone]) > 0.8


def test_the_same_seed_gives_the_same_band(worlds, still):
    first, again, other = (of(worlds, still, [0], seed=seed) for seed in (0, 0, 1))
    pd.testing.assert_frame_equal(first, again)
    assert not first.equals(other)
    assert (SHUFFLES + 1) % 40 == 0
