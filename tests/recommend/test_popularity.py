import numpy as np

from recsys_core.recommend.popularity import Popularity, RecentPopularity
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommender import Recommender
from tests.recommend.contract import RecommenderContract
from tests.recommend.shop import training

RNG = np.random.default_rng(0)


class TestPopularity(RecommenderContract):
    def make(self) -> Recommender:
        return Popularity()

    def test_counts_users_not_events(self) -> None:
        log = [("a", "kitchen", "cup 1", 1), ("a", "kitchen", "cup 1", 2), ("b", "kitchen", "spoon", 1)]
        levels = Popularity().fit(training(log), RNG).score([Profile.nothing()])
        np.testing.assert_allclose(np.expm1(levels), [[1, 0, 0, 0, 1]], rtol=1e-6)


class TestRecentPopularity(RecommenderContract):
    def make(self) -> Recommender:
        return RecentPopularity()

    def test_an_event_one_half_life_old_counts_half(self) -> None:
        log = [("a", "kitchen", "cup 1", 100), ("b", "kitchen", "spoon", 90), ("c", "food", "tea 1", 100)]
        levels = RecentPopularity(half_life=10).fit(training(log), RNG).score([Profile.nothing()])
        np.testing.assert_allclose(np.expm1(levels), [[1, 0, 0, 0, 0.5]], rtol=1e-6)
