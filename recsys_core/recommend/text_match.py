"""Items whose text reads like what someone typed or holds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from recsys_core.recommend.contributions import Contributions, Rows
from recsys_core.recommend.features import text_by_cause, text_rows
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommender import Outline, Training

Floats = NDArray[np.float32]
Numbers = NDArray[np.float64]


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

    def multiplications(self, training: Training) -> float:  # noqa: ARG002
        """None: there is nothing to learn here."""
        return 0.0

    def score(self, profiles: Sequence[Profile]) -> Floats:
        """(P, T)."""
        assert self.training is not None, "fit comes first"  # noqa: S101
        scores: Floats = text_rows(profiles, self.training) @ self.training.item_text.T
        return scores

    def outline(self, profile: Profile) -> Outline:
        """In closed form, of a cosine x · v: its mean is x · mean(v), its variance xᵀ Cov(v) x."""
        assert self.training is not None, "fit comes first"  # noqa: S101
        text = text_rows([profile], self.training)[0].astype(np.float64)
        spread = float(np.sqrt(max(text @ self._covariance @ text, 0)))
        most = float(np.linalg.norm(text)) * self._longest
        return Outline(float(text @ self._mean_vector), spread, most)

    def score_at(self, profile: Profile, places: Rows) -> Floats:
        """(k,)."""
        assert self.training is not None, "fit comes first"  # noqa: S101
        scores: Floats = self.training.item_text[places] @ text_rows([profile], self.training)[0]
        return scores

    def contributions(self, profile: Profile, items: Rows, places: Rows) -> Contributions:
        """Each thing known has its part of the mean text, and so of the cosine."""
        assert self.training is not None, "fit comes first"  # noqa: S101
        causes, vectors = text_by_cause(profile, items, self.training), self.training.item_text
        at = (causes @ vectors[places].T).astype(np.float64)
        mean = (causes @ self._mean_vector).astype(np.float64)
        return Contributions(at, mean, self.score([profile])[0].astype(np.float64))

    @cached_property
    def _mean_vector(self) -> Floats:
        assert self.training is not None  # noqa: S101
        mean: Floats = self.training.item_text.mean(0)
        return mean

    @cached_property
    def _covariance(self) -> Numbers:
        assert self.training is not None  # noqa: S101
        vectors, mean = self.training.item_text, self._mean_vector.astype(np.float64)
        moments = (vectors.T @ vectors).astype(np.float64) / max(len(vectors), 1)
        covariance: Numbers = moments - np.outer(mean, mean)
        return covariance

    @cached_property
    def _longest(self) -> float:
        assert self.training is not None  # noqa: S101
        vectors = self.training.item_text
        return float(np.sqrt(np.vecdot(vectors, vectors).max(initial=0)))
