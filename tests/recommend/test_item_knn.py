import numpy as np
import pytest

from recsys_core.recommend.item_knn import ItemKnn
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommender import Recommender
from tests.recommend.contract import RecommenderContract
from tests.recommend.shop import row, training


class TestItemKnn(RecommenderContract):
    def make(self) -> Recommender:
        return ItemKnn()

    def test_shrunk_cosine_by_hand(self) -> None:
        log = [
            ("a", "food", "tea 1", 1),
            ("a", "kitchen", "cup 1", 2),
            ("b", "food", "tea 1", 1),
            ("b", "kitchen", "cup 1", 2),
            ("c", "food", "tea 1", 1),
            ("c", "kitchen", "spoon", 1),
        ]
        known = training(log)
        fitted = ItemKnn(shrink=2).fit(known, np.random.default_rng(0))
        scores = fitted.score([Profile.from_picks([row(known.dataset, "tea 1")])])[0]
        cup, spoon = 2 / (np.sqrt(3 * 2) + 2), 1 / (np.sqrt(3 * 1) + 2)
        assert scores.tolist() == pytest.approx([cup, 0, 0, 0, spoon])

    def test_an_item_is_not_similar_to_itself(self) -> None:
        known = training([("a", "kitchen", "cup 1", 1), ("a", "kitchen", "spoon", 1)])
        fitted = ItemKnn(shrink=0).fit(known, np.random.default_rng(0))
        scores = fitted.score([Profile.from_picks([row(known.dataset, "cup 1")])])[0]
        assert scores.tolist() == [0, 0, 0, 0, 1]
