from datetime import UTC, datetime

import numpy as np
import pytest

from recsys_core.errors import NotFoundError
from recsys_core.logs.windows import WindowSize
from recsys_core.release.grid import public_windows
from recsys_core.release.release import Release, exact_sums, expected_error, make_release
from recsys_core.release.statement import FROM_TITLES
from recsys_core.release.terms import Terms

IMPORTED = datetime(2014, 3, 1, tzinfo=UTC)


@pytest.fixture
def made(worlds):
    """Nearly without noise: 200 people, half of whom go from "baking" to "coffee" in July."""
    dataset = worlds.dataset(worlds.random(3, n_users=200, movers=100))
    return make_release(
        dataset, worlds.interests(dataset), Terms(1000, "month", 0, 12), IMPORTED, FROM_TITLES
    )


def test_with_little_noise_the_numbers_are_those_of_the_log(worlds, made):
    rows = worlds.random(3, n_users=200, movers=100)
    july = {
        user
        for user, time, *_ in rows
        if np.datetime64(time, "s").astype("M8[M]") == np.datetime64("2013-07")
    }
    told = made.people.set_index("window").loc["2013-07"]
    assert abs(told["n_users"] - len(july)) <= 1
    assert told["low"] <= len(july) <= told["high"]


def test_every_interest_of_every_window_is_there_and_shares_add_up(made):
    assert made.document["n_windows_shown"] == made.people.shape[0] == 12
    assert len(made.shares) == 12 * 5
    assert len(made.flows) == 11 * 25
    assert made.shares.groupby("window")["share"].sum().round(9).eq(1).all()
    assert (made.shares["low"] <= made.shares["share"]).all()
    assert (made.shares["share"] <= made.shares["high"]).all()


def test_no_number_goes_without_its_epsilon(made):
    for table in (made.people, made.shares, made.flows):
        assert table["epsilon"].eq(1000).all()


def test_what_comes_to_few_people_is_left_empty(worlds):
    """Thirty people in five interests are six in each, nearly without noise."""
    dataset = worlds.dataset(worlds.random(3, n_users=30))
    made = make_release(
        dataset, worlds.interests(dataset), Terms(1000, "month", 0, 12), IMPORTED, FROM_TITLES
    )
    assert len(made.flows)
    assert made.flows["share"].isna().all()


def test_a_log_of_few_people_tells_of_no_window(worlds):
    """Nearly without noise: with more of it, some releases in a hundred tell of a window too many."""
    dataset = worlds.dataset(worlds.random(3, n_users=5))
    made = make_release(dataset, worlds.interests(dataset), Terms(1000, "month"), IMPORTED, FROM_TITLES)
    assert (len(made.people), len(made.shares), len(made.flows)) == (0, 0, 0)
    assert made.document["n_windows"] == 231


def test_the_statement_says_what_was_done(made):
    document = made.document
    assert (document["epsilon"], document["delta"], document["k"]) == (1000, 0, 10)
    assert document["tables"]["flows"]["l1_sensitivity"] == 11_000_000
    assert sum(table["epsilon"] for table in document["tables"].values()) == pytest.approx(1000)
    assert document["library"] == "opendp"
    assert [one["name"] for one in document["interests"]] == ["tea", "baking", "knives", "coffee", "grills"]


def test_what_is_saved_comes_back(made):
    again = Release.from_parts(made.parts())
    assert again.shares.equals(made.shares)
    assert again.document == made.document


def test_a_level_that_is_not_there_is_refused(worlds):
    dataset = worlds.dataset(worlds.random(3, n_users=20))
    with pytest.raises(NotFoundError, match="no level 3"):
        make_release(dataset, worlds.interests(dataset), Terms(1, level=3), IMPORTED, FROM_TITLES)


def test_the_error_that_is_expected_falls_with_epsilon_and_people():
    assert expected_error(Terms(1), 1000) == pytest.approx(0.03, abs=0.001)
    assert expected_error(Terms(2), 1000) == pytest.approx(0.015, abs=0.001)
    assert expected_error(Terms(1), 10_000) == pytest.approx(0.003, abs=0.0001)


@pytest.mark.parametrize("events", [1, 77])
def test_a_log_too_long_to_be_held_has_the_same_sums(worlds, monkeypatch, events):
    dataset = worlds.dataset(worlds.random(3, n_users=40))
    terms, windows = Terms(1, "month", 0, 3), public_windows(WindowSize.MONTH, IMPORTED)

    def summed():
        return exact_sums(dataset, worlds.interests(dataset), terms, windows, np.full(40, 0.5))

    whole = summed()
    monkeypatch.setattr("recsys_core.migration.crowd.PIECE_EVENTS", events)
    for name, values in vars(summed()).items():
        np.testing.assert_array_equal(values, vars(whole)[name], err_msg=name)
