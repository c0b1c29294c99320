import numpy as np
import pytest

from recsys_core.encoder.loading import load_encoder
from recsys_core.errors import NotFoundError
from recsys_core.recommend.answers import Answers
from recsys_core.recommend.blend import Blend
from recsys_core.recommend.cold_start import ColdStart, HeldOut
from recsys_core.recommend.item_knn import ItemKnn
from recsys_core.recommend.popularity import Popularity, RecentPopularity
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.what_if import WhatIf
from tests.recommend.shop import row, titles, training

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
