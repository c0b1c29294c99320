import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recsys_core.recommend.item_knn import ItemKnn
from recsys_core.recommend.popularity import Popularity
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommend import recommend
from recsys_core.recommend.rerank import Share, chosen, rerank
from recsys_core.recommend.text_ridge import TextRidge
from recsys_core.recommend.what_if import WhatIf
from tests.recommend.shop import row, titles, training

KNOWN = training()
SHOP = KNOWN.dataset
RIDGE = TextRidge().fit(KNOWN, np.random.default_rng(0))
BOTH = Profile.from_picks([row(SHOP, "tea 1"), row(SHOP, "coffee 1")], KNOWN.now)
INTEREST = np.array(
    [{"tea": 0, "cup": 0, "coffee": 1, "mug": 1}.get(t.split()[0], 2) for t in SHOP.items.title]
)


def _titles(what_if: WhatIf, k: int = 5, profile: Profile = BOTH) -> list[str]:
    return titles(SHOP, rerank(RIDGE, KNOWN, profile, what_if, k, INTEREST).items)


def test_at_rest_it_is_the_plain_list() -> None:
    for model in (RIDGE, ItemKnn().fit(KNOWN, np.random.default_rng(0))):
        plain = recommend(model, SHOP, KNOWN.target, BOTH, k=4)
        again = rerank(model, KNOWN, BOTH, WhatIf(), 4, INTEREST)
        assert again.items.tolist() == plain.items.tolist()
        assert again.reasons == plain.reasons


def test_without_the_coffee_only_cups_follow_the_spoon() -> None:
    assert set(_titles(WhatIf(without=(row(SHOP, "coffee 1"),)), 3)) == {"spoon", "cup 1", "cup 2"}


def test_an_interest_turned_down_leaves_the_top() -> None:
    assert set(_titles(WhatIf(interests={0: 0.0}), 3)) == {"spoon", "mug 1", "mug 2"}


def test_with_diversity_a_cup_is_followed_by_a_mug() -> None:
    tea = Profile.from_picks([row(SHOP, "tea 1")])
    assert _titles(WhatIf(), 3, tea) == ["spoon", "cup 1", "cup 2"]
    assert _titles(WhatIf(diversity=0.6), 3, tea)[:2] == ["spoon", "cup 1"]
    assert _titles(WhatIf(diversity=0.6), 3, tea)[2].startswith("mug")


def test_calibration_gives_each_interest_its_share() -> None:
    mostly_tea = Profile.from_picks([row(SHOP, "tea 1"), row(SHOP, "tea 2"), row(SHOP, "coffee 1")])
    found = rerank(RIDGE, KNOWN, mostly_tea, WhatIf(calibration=0.9), 3, INTEREST)
    assert sorted(INTEREST[found.items].tolist()) == [0, 0, 1]


def test_novelty_alone_turns_the_popular_list_round() -> None:
    popular = Popularity().fit(KNOWN, np.random.default_rng(0))
    novel = rerank(popular, KNOWN, BOTH, WhatIf(novelty=1.0), 5, INTEREST)
    assert (np.diff(novel.novelty) <= 0).all()
    assert titles(SHOP, novel.items)[-1] == "spoon"


def test_seen_titles_stay_where_wanted_and_come_back_where_taken_out() -> None:
    cup = row(SHOP, "cup 1")
    has_cup = Profile.from_picks([row(SHOP, "tea 1"), cup])
    assert "cup 1" not in _titles(WhatIf(), 5, has_cup)
    assert "cup 1" in _titles(WhatIf(exclude_seen=False), 5, has_cup)
    assert "cup 1" in _titles(WhatIf(without=(cup,)), 5, has_cup)


def test_more_like_this_and_not_for_me() -> None:
    mug, cup = row(SHOP, "mug 1"), row(SHOP, "cup 1")
    tea = Profile.from_picks([row(SHOP, "tea 1")])
    liked = _titles(WhatIf(liked=(mug,)), 5, tea)
    assert "mug 1" not in liked
    assert liked.index("mug 2") < _titles(WhatIf(), 5, tea).index("mug 2")
    assert "cup 1" not in _titles(WhatIf(disliked=(cup,)), 5, tea)


def test_reasons_speak_of_the_changed_person() -> None:
    found = rerank(RIDGE, KNOWN, BOTH, WhatIf(without=(row(SHOP, "tea 1"),), diversity=0.5), 3, INTEREST)
    told = {reason.label for reasons in found.reasons for reason in reasons}
    assert told == {"coffee 1", "popularity"}
    sums = [sum(reason.amount for reason in reasons) for reasons in found.reasons]
    assert sums == pytest.approx(found.scores.tolist(), abs=1e-6)


def test_nobody_left_is_told_as_nothing_known() -> None:
    found = rerank(RIDGE, KNOWN, BOTH, WhatIf(domains={SHOP.domain_index("food"): 0.0}), 3)
    assert found.note.startswith("Nothing is known of this person yet")


@st.composite
def candidates(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, Share]:  # type: ignore[type-arg]
    n, rng = draw(st.integers(1, 12)), np.random.default_rng(draw(st.integers(0, 999)))
    vectors = rng.normal(size=(n, 3)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    wanted = np.append(rng.dirichlet(np.ones(3)), 0)
    return rng.random(n), vectors, Share(wanted, rng.integers(0, 4, n))


@settings(deadline=None, max_examples=100)
@given(some=candidates(), d=st.floats(0, 1), c=st.floats(0, 1), k=st.integers(0, 15))
def test_every_choice_is_the_best_by_the_formula(some: tuple, d: float, c: float, k: int) -> None:  # type: ignore[type-arg]
    worth, vectors, share = some
    order = chosen(worth, vectors, share, d, c, k).tolist()
    assert len(order) == len(set(order)) == min(k, len(worth))
    for place, taken in enumerate(order):
        before = order[:place]

        def gain(i: int, before: list[int] = before) -> float:
            near = max([0.0, *(float(vectors[i] @ vectors[j]) for j in before)])
            list_of = share.interest[[*before, i]]
            q = np.array([np.mean(list_of == j) for j in range(4)])
            mixed = 0.99 * q + 0.01 * share.wanted
            held = share.wanted > 0
            kl = float(np.sum(share.wanted[held] * np.log(share.wanted[held] / mixed[held])))
            return (1 - c) * ((1 - d) * worth[i] - d * near) - c * kl

        best = max(gain(i) for i in range(len(worth)) if i not in before)
        assert gain(taken) == pytest.approx(best, abs=1e-6)
