import numpy as np
import pytest

from recsys_core.logs.windows import WindowSize, windows_between
from recsys_core.migration.layout import Layout
from recsys_core.migration.population import population_drift
from recsys_core.progress import Silent

WINDOWS = windows_between(0, 86_400 * 80, WindowSize.MONTH)
CORNERS = np.eye(2)
CODES = np.repeat([0, 1], 500)
"""Items 0 … 499 lie in one corner, 500 … 999 in the other."""


def drift(events, seed=0):
    """``events``: (user, window, item, weight)."""
    user, window, item, weight = (np.array(column) for column in zip(*sorted(events), strict=True))
    fresh = (np.diff(user, prepend=-1) != 0) | (np.diff(window, prepend=-1) != 0)
    slot = np.cumsum(fresh) - 1
    layout = Layout(user, slot, window, item, weight.astype(float), user[fresh], window[fresh])
    return population_drift(layout, CODES, WINDOWS, CORNERS, np.random.default_rng(seed), 100, Silent())


def taken(users, window, items, rng, n=6):
    """Each of ``users`` takes ``n`` of ``items`` at random."""
    return [(user, window, int(item), 1.0) for user in users for item in rng.choice(items, n)]


def test_distance_effect_and_floor_by_hand():
    # Two users at one corner, then two others at the opposite one: 2 · √2 - 0 - 0, the largest there is.
    table = drift([(0, 0, 0, 1), (1, 0, 0, 1), (2, 1, 500, 1), (3, 1, 500, 1)])
    assert table[["from_window", "to_window", "n_users"]].to_numpy().tolist() == [["1970-01", "1970-02", 4]]
    assert np.isclose(table["distance"][0], 2 * np.sqrt(2))
    assert table[["effect", "floor", "floor_high", "new_share", "kept_share"]].iloc[0].tolist() == [
        pytest.approx(1),
        0,
        0,
        1,
        0,
    ]
    assert np.isnan(table["kept_distance"][0])
    assert np.isnan(table["kept_q"][0])


def test_a_crowd_that_moved_and_one_that_did_not():
    rng = np.random.default_rng(6)
    events = []
    for user in range(80):
        for window in range(3):
            first = rng.beta(4, 2) if window == 2 else rng.beta(2, 4)
            events += [(user, window, 0, first), (user, window, 500, 1 - first)]
    table = drift(events)
    assert table["q"][0] > 0.05
    assert table["q"][1] < 1e-6
    assert table["noise"].max() < 0.1 * table["distance"][1]
    assert table["effect"][0] < table["floor_high"][0]
    assert table["effect"][1] > 5 * table["floor_high"][1]
    assert (table["new_share"].eq(0) & table["kept_share"].eq(1)).all()
    assert table["kept_distance"].to_numpy() == pytest.approx(table["distance"].to_numpy())


def test_the_floor_is_what_two_crowds_of_the_same_taste_differ_by():
    """Over many pairs of different people, the mean effect is the mean floor and 5 % lie above its top."""
    rng, rows = np.random.default_rng(3), []
    for _ in range(100):
        events = [
            (user, window, int(item), 1.0)
            for user in range(60)
            for window in [int(user >= 20)]
            for item in np.where(rng.random(8) < rng.random(), 0, 500)
        ]
        rows.append(drift(events, int(rng.integers(1 << 30))).iloc[0])
    effect, floor, high = (
        np.array([row[name] for row in rows]) for name in ("effect", "floor", "floor_high")
    )
    assert effect.mean() == pytest.approx(floor.mean(), rel=0.12)
    assert (effect > high).mean() == pytest.approx(0.05, abs=0.045)


def test_a_new_shelf_is_the_catalogue_and_a_new_taste_is_the_people():
    rng, everybody = np.random.default_rng(4), range(60)
    old, other, shelf = np.arange(20), np.arange(500, 520), np.arange(600, 610)
    before = taken(everybody, 0, old, rng, 8) + taken(everybody, 0, other, rng, 4)
    shelved = before + taken(everybody, 1, old, rng, 8) + taken(everybody, 1, other, rng, 4)
    shelved += taken(everybody, 1, shelf, rng, 12)
    moved = before + taken(everybody, 1, old, rng, 4) + taken(everybody, 1, other, rng, 8)
    catalogue, people = drift(shelved).iloc[0], drift(moved).iloc[0]
    assert catalogue["new_share"] == 0.5
    assert catalogue["q"] < 1e-3
    assert catalogue["kept_q"] > 0.05
    assert people["new_share"] == 0
    assert max(people["q"], people["kept_q"]) < 1e-3


def test_rare_things_do_not_fade_on_the_items_of_both_windows():
    """Nobody changes, but one interest is in things so rare that most look new in every window."""
    rng, p = np.random.default_rng(5), []
    for _ in range(20):
        events = []
        for window in range(2):
            events += taken(range(60), window, np.arange(10), rng, 4)
            events += taken(range(60), window, np.arange(500, 1000), rng, 4)
        row = drift(events, int(rng.integers(1 << 30))).iloc[0]
        assert 0.2 < row["new_share"] < 0.35
        p.append(row["kept_p"])
    assert np.mean(np.array(p) < 0.05) <= 0.15


def test_windows_with_one_user_are_left_out():
    table = drift([(0, 0, 0, 1), (1, 1, 500, 1), (2, 1, 500, 1)])
    assert table.empty
    assert str(table["from_window"].dtype) == "str"
