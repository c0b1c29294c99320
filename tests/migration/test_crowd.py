import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recsys_core.logs.windows import WindowSize, windows_between
from recsys_core.migration import crowd as crowd_module
from recsys_core.migration.answering import answer_question
from recsys_core.migration.crowd import LongCrowd, chunks, crowd_of, returning
from recsys_core.migration.flows import centroid_distances
from recsys_core.migration.layout import Layout, lay_out
from recsys_core.migration.measuring import measure_migration
from recsys_core.migration.null import one_after_another, weigh_flows
from recsys_core.migration.question import Question
from recsys_core.progress import Silent
from recsys_core.spread import spreading
from tests.migration.conftest import Worlds

WORLDS = Worlds()
WORLD = WORLDS.dataset(WORLDS.random(seed=3, n_users=60, events=13, movers=20), domains=("films", "books"))
INTERESTS = WORLDS.interests(WORLD)
WINDOWS = windows_between(int(WORLD.time.min()), int(WORLD.time.max()), WindowSize.MONTH)


def assert_same(one: Layout, other: Layout) -> None:
    for name in Layout.__dataclass_fields__:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)


@settings(max_examples=60, deadline=None)
@given(block=st.integers(1, 900), piece=st.integers(1, 900), domain=st.sampled_from([None, 0, 1]))
def test_pieces_are_the_same_whatever_the_blocks_are(block, piece, domain):
    whole = lay_out(WORLD, WINDOWS, domain).narrowed(returning)
    blocks = LongCrowd(WORLD, WINDOWS, domain, block).narrowed(returning)
    pieces = list(chunks(blocks, piece))
    for one, other in zip(whole.chunks(piece), pieces, strict=True):
        assert_same(one, other)


def test_a_crowd_is_held_up_to_so_many_events(monkeypatch):
    assert_same(crowd_of(WORLD, WINDOWS), lay_out(WORLD, WINDOWS))
    monkeypatch.setattr(crowd_module, "PIECE_EVENTS", WORLD.n_events - 1)
    long = crowd_of(WORLD, WINDOWS)
    assert isinstance(long, LongCrowd)
    assert [block.n_events for block in long.blocks] == [WORLD.n_events]
    assert_same(long.of_users(np.array([3, 59])), lay_out(WORLD, WINDOWS).of_users(np.array([3, 59])))


def test_who_returns_was_seen_twice():
    layout = lay_out(WORLD, WINDOWS)
    seen_in = np.bincount(layout.slot_user, minlength=WORLD.n_users)
    assert_same(layout.select_users(seen_in > 1), returning(layout))
    once = layout.select_slots(np.diff(layout.slot_user, prepend=-1) != 0)
    assert returning(once).n_events == 0


@pytest.mark.parametrize("events", [1, 100, 500])
def test_evidence_is_the_same_to_the_last_digit_here_and_elsewhere(events):
    def evidence(crowd):
        cost, compared = centroid_distances(INTERESTS.centroids), one_after_another(len(WINDOWS))
        rng = np.random.default_rng(0)
        return weigh_flows(crowd, INTERESTS.item_interest[0], cost, compared, rng, 23, Silent())

    def elsewhere(work, parts, told):
        there, sent = pickle.loads(pickle.dumps((work, list(parts))))  # noqa: S301 - our own
        return (there(part, told(0)) for part in sent)

    whole = evidence(lay_out(WORLD, WINDOWS))
    with spreading(elsewhere):
        found = evidence(LongCrowd(WORLD, WINDOWS, None, events))
    for name, values in vars(whole).items():
        np.testing.assert_array_equal(vars(found)[name], values, err_msg=name)


@pytest.mark.parametrize("events", [1, 333])
def test_a_log_too_long_to_be_held_gives_the_same_migration(events, monkeypatch):
    def measured():
        rng = np.random.default_rng(0)
        return measure_migration(
            WORLD, INTERESTS, WORLDS.vectors(WORLD), 0, WindowSize.QUARTER, rng, None, 12
        )

    whole = measured()
    monkeypatch.setattr(crowd_module, "PIECE_EVENTS", events)
    long = measured()
    for name, frame in whole.parts().frames.items():
        assert frame.equals(long.parts().frames[name]), name
    assert whole.document == long.document


QUESTIONS = [
    Question("month", 0, ("2013-02", "2013-07")),
    Question("quarter", 0, domain="films", fewest=4, users=tuple(range(5, 50))),
]


@pytest.mark.parametrize("question", QUESTIONS, ids=["a pair", "some of them"])
def test_a_log_too_long_to_be_held_gives_the_same_answer(question, monkeypatch):
    def answered():
        return answer_question(WORLD, INTERESTS, question, np.random.default_rng(0), shuffles=12)

    whole = answered()
    monkeypatch.setattr(crowd_module, "PIECE_EVENTS", 100)
    long = answered()
    assert [frame.equals(long.parts().frames[name]) for name, frame in whole.parts().frames.items()] == [
        True
    ] * 3
    assert whole.document == long.document
