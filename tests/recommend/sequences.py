"""What every sequence model must keep to beside the contract of all recommenders."""

from abc import abstractmethod

import numpy as np

from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommender import Recommender
from recsys_core.recommend.sequence_model import SequenceModel
from tests.recommend.contract import RecommenderContract
from tests.recommend.shop import row, training


class SequenceContract(RecommenderContract):
    """``kind`` gives the class."""

    @abstractmethod
    def kind(self) -> type[SequenceModel]: ...

    def make(self) -> Recommender:
        return self.kind()(epochs=2, dim=16)

    def test_learns_what_comes_next(self) -> None:
        known = training()
        fitted = self.kind()(epochs=40, dim=32).fit(known, np.random.default_rng(0))
        tea, coffee = (Profile.from_picks([row(known.dataset, f"{drink} 2")]) for drink in ("tea", "coffee"))
        cup, mug = (np.searchsorted(known.items, row(known.dataset, ware)) for ware in ("cup 1", "mug 1"))
        scores = fitted.score([tea, coffee])
        assert scores[0, cup] > scores[0, mug]
        assert scores[1, mug] > scores[1, cup]
