import numpy as np

from recsys_core.recommend.expansion import expand
from recsys_core.recommend.profile import Profile
from tests.recommend.shop import row, titles, training, vectors


def test_typed_text_becomes_its_nearest_items() -> None:
    shop = training().dataset
    wish = Profile.from_text("tea", np.array([1, 0.5, 0, 0], np.float32))
    (told,) = expand([wish], vectors(shop), now=7, nearest=3)
    assert titles(shop, told.history.items) == ["tea 1", "tea 2", "cup 1"]
    assert told.history.times.tolist() == [7, 7, 7]
    assert len(wish.history) == 0


def test_items_without_text_never_stand_in() -> None:
    shop = training().dataset
    wish = Profile.from_text("x", np.array([-1, -1, -1, -1], np.float32))
    (told,) = expand([wish], vectors(shop), nearest=99)
    assert row(shop, "spoon") not in told.history.items


def test_a_history_or_an_unreadable_text_stays() -> None:
    shop = training().dataset
    picks = Profile(Profile.from_picks([1]).history, "tea", np.array([1, 0, 0, 0], np.float32))
    unreadable = Profile.from_text("???", np.zeros(4, np.float32))
    assert expand([picks, unreadable], vectors(shop)) == (picks, unreadable)
