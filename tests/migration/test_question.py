import numpy as np
import pandas as pd
import pytest

from recsys_core.errors import InputError, NotFoundError
from recsys_core.logs.windows import WindowSize
from recsys_core.migration.answering import answer_question
from recsys_core.migration.measuring import measure_migration
from recsys_core.migration.question import Answer, Question

CELL = ["from_window", "to_window", "from_interest", "to_interest"]


@pytest.fixture(scope="module")
def moved():
    from tests.migration.conftest import Worlds

    worlds = Worlds()
    rows = worlds.random(0, n_users=80, events=24, movers=25)
    dataset = worlds.dataset(rows, domains=("films", "books"))
    return dataset, worlds.interests(dataset)


def ask(moved, first, second, shuffles=100, **whose):
    question = Question("quarter", 0, (first, second), **whose)
    return answer_question(*moved, question, np.random.default_rng(0), shuffles=shuffles)


def sure(found):
    return found.flows[found.flows["significant"]][CELL].to_numpy().tolist()


def test_a_move_is_seen_across_the_windows_between(moved):
    assert sure(ask(moved, "2013-Q1", "2013-Q4")) == [["2013-Q1", "2013-Q4", 1, 3]]
    assert sure(ask(moved, "2013-Q1", "2013-Q2")) == []


def test_neighbours_give_the_same_shares_as_the_whole_history(moved):
    dataset, interests = moved
    vectors = interests.centroids[interests.item_interest[0]]
    rng = np.random.default_rng(0)
    whole = measure_migration(dataset, interests, vectors, 0, WindowSize.QUARTER, rng, shuffles=60)
    one = ask(moved, "2013-Q2", "2013-Q3").flows.set_index(CELL)
    same = whole.flows[whole.flows["from_window"] == "2013-Q2"].set_index(CELL)
    pd.testing.assert_series_equal(one["share"], same["share"])
    both = one.join(same, suffixes=(None, "_whole"))
    assert (both["expected"] - both["expected_whole"]).abs().max() < 0.04
    assert both["n_users"].tolist() == both["n_users_whole"].tolist()


def test_all_windows_in_a_row_are_the_whole_history(moved):
    """And of a part of the crowd, what is asked of two windows alone but for the shuffles."""
    dataset, interests = moved
    vectors = interests.centroids[interests.item_interest[0]]
    rng = np.random.default_rng(0)
    whole = measure_migration(dataset, interests, vectors, 0, WindowSize.QUARTER, rng, shuffles=20)
    every = answer_question(*moved, Question("quarter", 0), np.random.default_rng(0), shuffles=20)
    same = ["share", "low", "high", "n_users"]
    pd.testing.assert_frame_equal(every.flows[CELL + same], whole.flows[CELL + same])
    mixes = whole.shares[(whole.shares["domain"] == "") & (whole.shares["window"] != "2013-Q4")]
    pd.testing.assert_series_equal(every.held["share"], mixes["share"], check_index=False)
    some = Question("quarter", 0, domain="films", fewest=8)
    found = answer_question(*moved, some, np.random.default_rng(0), shuffles=60)
    alone = ask(moved, "2013-Q2", "2013-Q3", domain="films", fewest=8)
    assert found.steps.to_numpy().tolist()[1] == ["2013-Q2", "2013-Q3", alone.document["n_users"]]
    assert found.document["n_users"] > alone.document["n_users"]
    of_pair = found.flows[found.flows["from_window"] == "2013-Q2"].set_index(CELL)
    pd.testing.assert_series_equal(of_pair["share"], alone.flows.set_index(CELL)["share"])
    assert sure(found) == [["2013-Q2", "2013-Q3", 1, 3]]


def test_one_window_has_no_steps(worlds):
    dataset = worlds.dataset([(f"u{n}", "2013-01-05", n % 5, 0) for n in range(12)])
    asked = dataset, worlds.interests(dataset), Question("month", 0, fewest=1)
    found = answer_question(*asked, np.random.default_rng(0), shuffles=5)
    assert (found.flows.empty, len(found.steps), len(found.held), found.document["n_users"]) == (
        True,
        0,
        0,
        0,
    )


def test_only_some_people_or_one_domain(moved):
    movers = ask(moved, "2013-Q1", "2013-Q4", users=tuple(range(25)))
    left = movers.flows.set_index(CELL).loc[("2013-Q1", "2013-Q4", 1, 3)]
    assert (left["share"], left["n_users"]) == (1, 25)
    assert movers.held.set_index("interest")["share"].round(9).tolist() == [0, 1, 0, 0, 0]
    others = ask(moved, "2013-Q1", "2013-Q4", users=tuple(range(25, 80)))
    assert sure(others) == []
    films = ask(moved, "2013-Q1", "2013-Q4", domain="films")
    assert films.document["n_users"] < ask(moved, "2013-Q1", "2013-Q4").document["n_users"]
    nobody = ask(moved, "2013-Q1", "2013-Q4", fewest=25)
    assert (nobody.flows.empty, nobody.document["n_users"], nobody.held["share"].sum()) == (True, 0, 0)


def test_windows_that_cannot_be_compared_are_told(moved):
    with pytest.raises(NotFoundError, match=r"no window '2012-Q1'.*2013-Q1 to 2013-Q4"):
        ask(moved, "2012-Q1", "2013-Q1")
    with pytest.raises(InputError, match="not after"):
        ask(moved, "2013-Q2", "2013-Q2")


def test_parts_and_back_and_keys(moved):
    found = ask(moved, "2013-Q1", "2013-Q4", shuffles=5)
    again = Answer.from_parts(found.parts())
    for name, frame in found.parts().frames.items():
        pd.testing.assert_frame_equal(getattr(again, name), frame)
    for question in (Question("year", 1), Question("year", 0, ("2012", "2013"), "films", 3, (4, 7))):
        assert Question.from_params(question.as_params()) == question
    keys = {Question("year", 0, ("2012", "2013"), users=users).key for users in (None, (1,), (1, 2))}
    assert len(keys) == 3
    assert max(map(len, keys)) < 40
