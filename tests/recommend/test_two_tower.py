import numpy as np

from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommender import Recommender
from recsys_core.recommend.two_tower import TwoTower
from tests.recommend.contract import RecommenderContract
from tests.recommend.shop import row, training


class TestTwoTower(RecommenderContract):
    def make(self) -> Recommender:
        return TwoTower(epochs=3, dim=8)

    def test_learns_who_takes_what(self) -> None:
        known = training()
        fitted = TwoTower(epochs=60, dim=8).fit(known, np.random.default_rng(0))
        tea, coffee = (Profile.from_picks([row(known.dataset, f"{drink} 1")]) for drink in ("tea", "coffee"))
        cup, mug, spoon = (
            np.searchsorted(known.items, row(known.dataset, ware)) for ware in ("cup 1", "mug 1", "spoon")
        )
        scores = fitted.score([tea, coffee])
        assert scores[0, spoon] > scores[0, cup] > scores[0, mug]
        assert scores[1, spoon] > scores[1, mug] > scores[1, cup]

    def test_what_it_tells_are_log_odds(self) -> None:
        """Everyone takes the spoon, one in four each cup and mug; nobody is asked anything more."""
        known = training()
        fitted = TwoTower(epochs=200, dim=8).fit(known, np.random.default_rng(0))
        everyone = [Profile.from_history(known.dataset.history(user)) for user in range(30)]
        taken_by = 1 / (1 + np.exp(-fitted.score(everyone).mean(0)))
        assert taken_by[4] > 0.8
        assert (taken_by[:4] < 0.5).all()
