"""Items whose text reads like what someone typed or holds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from recsys_core.recommend.features import text_rows
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommender import Training

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class TextMatch:
    """Cosine in [-1, 1] of an item's text to the mean text of the profile; items without text have 0."""

    name: str = "text-match"
    training: Training | None = None

    def fit(self, training: Training, rng: np.random.Generator) -> "TextMatch":  # noqa: ARG002
        """Nothing to learn."""
        return replace(self, training=training)

    def bytes_needed(self, training: Training) -> int:  # noqa: ARG002
        """Nothing beyond what is there."""
        return 0

    def score(self, profiles: Sequence[Profile]) -> Floats:
        """(P, T)."""
        assert self.training is not None, "fit comes first"  # noqa: S101
        vectors = self.training.text_vectors[self.training.items]
        scores: Floats = text_rows(profiles, self.training) @ vectors.T
        return scores
