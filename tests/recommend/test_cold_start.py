import numpy as np
import pytest

from recsys_core.encoder.loading import load_encoder
from recsys_core.errors import InputError, NotFoundError
from recsys_core.recommend.answers import Answers
from recsys_core.recommend.blend import Blend
from recsys_core.recommend.choosing import prepare_blend
from recsys_core.recommend.cold_start import ColdStart, HeldOut
from recsys_core.recommend.item_knn import ItemKnn
from recsys_core.recommend.popularity import Popularity, RecentPopularity
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommender import Training
from recsys_core.recommend.what_if import WhatIf
from tests.recommend.shop import dataset, row, titles, training, vectors

KNOWN = training()
SHOP = KNOWN.dataset
RNG = np.random.default_rng(0)


@pytest.fixture(scope="module")
def cold() -> ColdStart:
    blend = Blend((RecentPopularity(), Popularity(), ItemKnn()), (0.2, 0.2, 0.6)).fit(KNOWN, RNG)
    answers = Answers((Profile.from_picks([row(SHOP, "tea 1")]),), (np.array([1, 3]),))
    return ColdStart(KNOWN, blend, load_encoder(), HeldOut(np.array([4]), answers))


def test_moves_are_told_against_the_plain_list(cold: ColdStart) -> None:
    tea = Profile.from_picks([row(SHOP, "tea 1")])
    assert cold.preview(tea, 3).moves == (0, 0, 0)
    asked = cold.preview(tea, 5, WhatIf(disliked=(row(SHOP, "spoon"),)))
    assert "spoon" not in titles(SHOP, asked.recommended.items)
    assert asked.moves == (1, 1, 1, 1)


def test_a_cohort_holds_what_most_of_it_took(cold: ColdStart) -> None:
    together = cold.profile_for_cohort(np.array([0, 2, 4, 1]), most=4)  # three tea people, one of coffee
    items, counts = together.distinct()
    held = dict(zip(titles(SHOP, items), counts.tolist(), strict=True))
    assert held["spoon"] == 1
    assert held["tea 1"] == held["tea 2"] == 0.75
    assert len(held) == 4


def test_truth_is_known_of_held_out_people_only(cold: ColdStart) -> None:
    assert titles(SHOP, cold.truth(4)) == ["cup 2", "mug 2"]
    assert titles(SHOP, cold.profile_for_held_out(4).history.items) == ["tea 1"]
    with pytest.raises(NotFoundError, match="was not made new on purpose"):
        cold.truth(5)


def test_any_recommender_can_stand_beside(cold: ColdStart) -> None:
    tea = Profile.from_picks([row(SHOP, "tea 1")])
    assert titles(SHOP, cold.list_of("popularity", tea, 1).items) == ["spoon"]
    with pytest.raises(NotFoundError, match="No recommender 'oracle' is fitted"):
        cold.list_of("oracle", tea)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "The text is empty. Type"),
        ("  \n ", "The text is empty"),
        ("a" * 10_001, "has 10,001 characters"),
    ],
)
def test_text_that_cannot_be_a_wish_is_refused(cold: ColdStart, text: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        cold.profile_for_text(text)


def test_ten_thousand_characters_are_read_as_far_as_the_encoder_can_and_it_says_so(cold: ColdStart) -> None:
    wish = cold.profile_for_text("tea " * 2_500)
    assert wish.has_text
    assert cold.note_about(wish) == "The text is long: only about its first 192 words were read."


def test_signs_that_the_encoder_does_not_know_give_what_is_popular_and_it_says_so(cold: ColdStart) -> None:
    emoji = cold.profile_for_text("🫖🍵")
    assert emoji.is_empty
    assert "knows none of these signs" in cold.note_about(emoji)
    assert titles(SHOP, cold.preview(emoji, 1).recommended.items) == ["spoon"]
    mostly = cold.profile_for_text("🫖 ᚠᚢ tea")
    assert mostly.has_text
    assert cold.note_about(mostly).startswith("The text encoder does not know 67 % of this text")
    assert cold.note_about(cold.profile_for_text("green tea")) == ""


def test_who_is_known_in_the_target_only_is_told(cold: ColdStart) -> None:
    cups = cold.profile_for_picks([row(SHOP, "cup 1")])
    assert cold.note_about(cups).startswith("Nothing is known of this person outside kitchen")
    assert cold.note_about(cold.profile_for_picks([row(SHOP, "tea 1")])) == ""


def test_unknown_users_and_picks_are_refused_by_name(cold: ColdStart) -> None:
    with pytest.raises(NotFoundError, match="No user 'ghost' in dataset 'shop'"):
        cold.profile_for_user("ghost")
    with pytest.raises(NotFoundError, match="No item 'saucer' in dataset 'shop'"):
        cold.item_row("saucer")


def test_all_seen_is_an_empty_list_and_more_than_there_is_gives_all(cold: ColdStart) -> None:
    everything = Profile.from_picks(KNOWN.items.tolist())
    assert len(cold.preview(everything, 10).recommended) == 0
    assert len(cold.preview(everything, 10, WhatIf(diversity=0.5)).recommended) == 0
    assert len(cold.preview(Profile.nothing(), 10_000).recommended) == 5
    assert len(cold.preview(everything, 10_000, WhatIf(exclude_seen=False)).recommended) == 5


def test_a_domain_of_three_items_that_nobody_took_is_served(cold: ColdStart) -> None:
    log = [("u1", "food", "tea 1", 1), ("u2", "food", "tea 1", 2), ("u2", "food", "tea 2", 3)]
    shop = dataset(log, {"food": ("tea 1", "tea 2"), "kitchen": ("cup 1", "mug 1", "spoon")})
    new = Training(shop, shop.domain_index("kitchen"), vectors(shop), None, 0)
    ready = ColdStart(new, prepare_blend(new, Answers((), ())), cold.encoder)
    for profile in (Profile.nothing(), ready.profile_for_user("u2")):
        shown = ready.preview(profile, 10, WhatIf(diversity=0.5, novelty=0.5)).recommended
        assert sorted(titles(shop, shown.items)) == ["cup 1", "mug 1", "spoon"]
