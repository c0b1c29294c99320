import numpy as np

from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommender import Recommender
from recsys_core.recommend.text_match import TextMatch
from tests.recommend.contract import RecommenderContract
from tests.recommend.shop import training


class TestTextMatch(RecommenderContract):
    def make(self) -> Recommender:
        return TextMatch()

    def test_is_the_cosine(self) -> None:
        fitted = TextMatch().fit(training(), np.random.default_rng(0))
        wish = Profile.from_text("cups, some mugs", np.array([0, 0.8, 0, 0.6], np.float32))
        np.testing.assert_allclose(fitted.score([wish]), [[0.8, 0.8, 0.6, 0.6, 0]], atol=1e-6)
