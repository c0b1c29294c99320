"""The interest model as a recommender."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from recsys_core.errors import NotEnoughDataError
from recsys_core.recommend.emphasis import by_layers
from recsys_core.recommend.expansion import expand
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommender import Training

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class InterestRecommender:
    """Scores of the trained interest model that ``training`` brings; it is not trained here."""

    name: str = "interest-model"
    training: Training | None = None

    def fit(self, training: Training, rng: np.random.Generator) -> "InterestRecommender":  # noqa: ARG002
        """Take the model; raises NotEnoughDataError where there is none."""
        if training.model is None:
            raise NotEnoughDataError("There is no interest model yet.", "Fine-tune one first.")
        return replace(self, training=training)

    def bytes_needed(self, training: Training) -> int:  # noqa: ARG002
        """Nothing: the model is there."""
        return 0

    def multiplications(self, training: Training) -> float:  # noqa: ARG002
        """None: there is nothing to learn here."""
        return 0.0

    def score(self, profiles: Sequence[Profile]) -> Floats:
        """(P, T); a typed text is read by way of its nearest items."""
        assert self.training is not None, "fit comes first"  # noqa: S101
        assert self.training.model is not None  # noqa: S101
        told = expand(profiles, self.training.text_vectors, self.training.now)
        model, target = self.training.model, self.training.target
        return by_layers(told, lambda histories: model.score(histories, target))
