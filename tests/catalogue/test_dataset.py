"""The events of a dataset in pieces of whole users, and of some users alone."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys_core.catalogue import dataset as room
from recsys_core.catalogue.dataset import Dataset
from recsys_core.catalogue.users import events_per_domain


def shop(events: dict[str, list[str]]) -> Dataset:
    """Users' items in order; those that begin with "f" are films, others books."""
    rows = [(user, item, n) for n, (user, items) in enumerate(events.items()) for item in items]
    log = pd.DataFrame(rows, columns=["user_id", "item_id", "n"])
    log["domain"] = np.where(log["item_id"].str.startswith("f"), "films", "books")
    log["timestamp"] = pd.to_datetime(np.arange(len(log)), unit="s", utc=True)
    items = pd.DataFrame(columns=["item_id", "domain", "title", "text"], dtype="str")
    return Dataset.from_frames("d", 1, log.assign(weight=1.0), items)


SHOP = shop({"ann": ["a", "f", "a"], "bob": ["f"], "eve": ["b", "b", "b", "b", "b"], "zoe": ["a", "f"]})


@pytest.mark.parametrize(
    ("events", "sizes"), [(1, [3, 1, 5, 2]), (4, [4, 5, 2]), (5, [9, 2]), (11, [11]), (99, [11])]
)
def test_pieces_are_of_whole_users(events: int, sizes: list[int]) -> None:
    pieces = list(SHOP.pieces(events))
    assert [piece.n_events for piece in pieces] == sizes
    for column in ("user", "item", "time", "weight"):
        together = np.concatenate([getattr(piece, column) for piece in pieces])
        np.testing.assert_array_equal(together, getattr(SHOP, column))
    assert all(np.shares_memory(piece.item, SHOP.item) for piece in pieces)


def test_no_events_are_one_piece() -> None:
    nothing = SHOP.select_events(np.zeros(SHOP.n_events, bool))
    assert [piece.n_events for piece in nothing.pieces(3)] == [0]


def test_some_users_alone() -> None:
    found = SHOP.of_users(np.array([1, 3]))
    assert found.user.tolist() == [1, 3, 3]
    assert [found.labels[i] for i in found.item] == ["f", "a", "f"]
    assert found.n_users == 4
    assert SHOP.of_users(np.empty(0, np.int64)).n_events == 0


def test_counts_are_the_same_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    takers, users, touched = SHOP.takers, SHOP.domain_users, events_per_domain(SHOP)
    assert (takers.tolist(), users.tolist()) == ([2, 1, 3], [3, 3])
    assert touched.tolist() == [[2, 1], [0, 1], [5, 0], [1, 1]]
    monkeypatch.setattr(room, "PIECE_EVENTS", 1)
    monkeypatch.setattr("recsys_core.catalogue.users.PIECE_EVENTS", 1)
    again = SHOP.select_events(np.ones(SHOP.n_events, bool))
    assert again.takers.tolist() == takers.tolist()
    assert again.domain_users.tolist() == users.tolist()
    assert events_per_domain(again).tolist() == touched.tolist()


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(-1, 12)), max_size=9),
    st.integers(1, 12),
)
def test_further_events_come_in_order_and_last_of_those_at_one_time(
    more: list[tuple[int, int, int]], events: int
) -> None:
    user, item, time = np.array(more, np.int64).reshape(-1, 3).T
    times = SHOP.time // 3  # some at one time
    shop = replace(SHOP, time=times)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(room, "PIECE_EVENTS", events)
        found = shop.with_events(user, item, time)
    both = [*zip(shop.user, shop.item, times, shop.weight, strict=True), *((*one, 1.0) for one in more)]
    expected = sorted(both, key=lambda event: (event[0], event[2]))
    assert [*zip(found.user, found.item, found.time, found.weight, strict=True)] == expected
    assert found.weight.dtype == np.float32
