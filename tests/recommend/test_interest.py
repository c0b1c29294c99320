from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from recsys_core.catalogue.history import History
from recsys_core.errors import NotEnoughDataError
from recsys_core.recommend.interest import InterestRecommender
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommender import Recommender, Training
from tests.recommend.contract import RecommenderContract
from tests.recommend.shop import training


@dataclass(frozen=True)
class Lengths:
    """The smallest model there is: every item by its place times the length of the history."""

    @property
    def item_vectors(self) -> NDArray[np.float32]:
        return np.eye(9, 4, dtype=np.float32)

    def score(self, histories: Sequence[History], target: int) -> NDArray[np.float32]:
        places = np.arange(5 if target == 1 else 4, dtype=np.float32)
        return np.array([len(h) * places for h in histories], np.float32).reshape(-1, len(places))


class TestInterestRecommender(RecommenderContract):
    def make(self) -> Recommender:
        return InterestRecommender()

    def training(self) -> Training:
        return training(model=Lengths())

    def test_target_with_three_items_and_no_event(self) -> None:
        """The model knows one catalogue only; its own tests ask for odd ones."""

    def test_typed_text_is_read_by_its_nearest_items(self) -> None:
        fitted = InterestRecommender().fit(self.training(), np.random.default_rng(0))
        typed = Profile.from_text("tea", np.array([1, 0, 0, 0], np.float32))
        # Eight of the nine items have text, and all are within the nearest ten.
        assert fitted.score([typed])[0].tolist() == [0, 8, 16, 24, 32]

    def test_no_model_is_a_plain_sentence(self) -> None:
        with pytest.raises(NotEnoughDataError, match="There is no interest model yet"):
            InterestRecommender().fit(training(), np.random.default_rng(0))
