from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recsys_core.recommend.popularity import Popularity
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommend import novelty, recommend, recommend_many, top
from tests.recommend.shop import row, titles, training

RNG = np.random.default_rng(0)


def test_top_breaks_ties_by_position() -> None:
    scores = np.array([1, 3, 3, 0, 3], np.float32)
    assert top(scores, None, 2).tolist() == [1, 2]
    assert top(scores, np.array([1]), 3).tolist() == [2, 4, 0]
    assert top(scores, None, 0).tolist() == []
    assert top(scores, np.arange(5), 3).tolist() == []


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 999), n=st.integers(0, 3_000), k=st.integers(0, 20), levels=st.integers(1, 50))
def test_top_is_what_a_full_sort_gives(seed: int, n: int, k: int, levels: int) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.integers(0, levels, n).astype(np.float32)
    excluded = rng.choice(n, n // 3, replace=False) if n else np.zeros(0, np.int64)
    left = [i for i in np.argsort(-scores, kind="stable").tolist() if i not in set(excluded.tolist())]
    assert top(scores, excluded, k).tolist() == left[:k]


def test_the_list_of_the_popular() -> None:
    known = training()
    found = recommend(Popularity().fit(known, RNG), known.dataset, known.target, Profile.nothing(), k=3)
    assert titles(known.dataset, found.items) == ["spoon", "cup 1", "mug 1"]
    assert found.note == "Nothing is known of this person yet, so the list shows what is popular."
    assert [[(r.label, r.share) for r in reasons] for reasons in found.reasons] == [[("popularity", 1.0)]] * 3
    assert [rank for rank, *_ in found.ranked()] == [1, 2, 3]


def test_seen_items_are_kept_on_request() -> None:
    known = training()
    popular = Popularity().fit(known, RNG)
    seen = Profile.from_picks([row(known.dataset, "spoon")])
    found = recommend(popular, known.dataset, known.target, seen, k=1)
    assert titles(known.dataset, found.items) == ["cup 1"]
    found = recommend(popular, known.dataset, known.target, seen, k=1, exclude_seen=False)
    assert titles(known.dataset, found.items) == ["spoon"]


def test_many_give_the_same_lists() -> None:
    known = training()
    popular = Popularity().fit(known, RNG)
    people = [Profile.nothing(), Profile.from_picks([row(known.dataset, "spoon")])]
    lists = recommend_many(popular, known.dataset, known.target, people, k=1)
    assert [titles(known.dataset, items) for items, _ in lists] == [["spoon"], ["cup 1"]]


def test_novelty_in_bits() -> None:
    log = [("a", "kitchen", "cup 1", 1), ("b", "kitchen", "cup 1", 1), ("c", "kitchen", "spoon", 1)]
    known = training(log)
    assert novelty(known.dataset, known.target).tolist() == pytest.approx([np.log2(4 / 3), 2, 2, 2, 1])


@dataclass(frozen=True)
class Additive:
    """Score of every item: 1 + 2 for the coffee 1 in the history - 1 for tea 1."""

    name: str = "additive"

    def fit(self, training: object, rng: object) -> "Additive":
        return self

    def score(self, profiles: list[Profile]) -> np.ndarray:  # type: ignore[type-arg]
        worth = {0: 2.0, 2: -1.0}
        sums = [1 + sum(worth.get(i, 0) for i in p.history.items.tolist()) for p in profiles]
        return np.tile(np.array(sums, np.float32)[:, None], (1, 5))


def test_reasons_are_the_exact_parts_of_a_linear_score() -> None:
    known = training()
    picks = Profile.from_picks([0, 2])
    found = recommend(Additive(), known.dataset, known.target, picks, k=1)
    shares = {reason.label: reason.share for reason in found.reasons[0]}
    # The score is 1 + 2 - 1 = 2, of which 1 is anyone's; what speaks against the item has no share.
    assert shares == pytest.approx({"coffee 1": 2 / 3, "popularity": 1 / 3, "tea 1": 0})
    assert {reason.label: reason.amount for reason in found.reasons[0]} == pytest.approx(
        {"coffee 1": 2, "popularity": 1, "tea 1": -1}
    )
    alone = recommend(
        Additive(), known.dataset, known.target, replace(picks, history=picks.history.newest(1)), k=1
    )
    assert [(r.label, r.amount) for r in alone.reasons[0]] == [("popularity", 1.0), ("tea 1", -1.0)]
