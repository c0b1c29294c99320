"""From the text of what someone holds to what they take here, by ridge regression."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import csr_array

from recsys_core.recommend.affordable import SPARSE, bytes_of_log
from recsys_core.recommend.contributions import Contributions, Rows
from recsys_core.recommend.examples import examples, n_examples, spoken
from recsys_core.recommend.features import text_by_cause, text_rows
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommender import Training

Floats = NDArray[np.float32]
MOST_USERS = 200_000


@dataclass(frozen=True, eq=False)
class TextRidge:
    """x W (Y - ȳ) + ȳ with W = (XᵀX + strength · 1)⁻¹ Xᵀ: X (N, dim) the users' mean texts, Y (N, T) what
    they took, ȳ its mean (Hoerl and Kennard 1970). At most 200,000 users are learned from.

    ``weights``: W (dim, N), each past user's say, where there are fewer users than items: then a list reads
    N columns and what those users took, not T. Else W (Y - ȳ) (dim, T), and ``taken`` is None.
    """

    strength: float = 10.0
    name: str = "text-ridge"
    weights: Floats | None = None
    taken: csr_array | None = None
    mean: Floats | None = None
    training: Training | None = None

    def fit(self, training: Training, rng: np.random.Generator) -> "TextRidge":
        """Solve for W."""
        known = examples(training, MOST_USERS, rng)
        mean, taken = known.mean_taken, known.taken if len(known) < len(training.items) else None
        gram = known.text.T @ known.text + self.strength * np.eye(known.text.shape[1], dtype=np.float32)
        right = known.text.T
        if taken is None:
            right = (known.taken.T @ known.text).T - np.outer(known.text.sum(0), mean)
        weights = cho_solve(cho_factor(gram), right, check_finite=False)
        weights = np.ascontiguousarray(weights, np.float32)
        return replace(self, weights=weights, taken=taken, mean=mean, training=training)

    def bytes_needed(self, training: Training) -> int:
        """Texts (N, dim) thrice and W four times, in float32."""
        n_users, dim = n_examples(training, MOST_USERS), int(training.text_vectors.shape[1])
        columns = min(n_users, len(training.items))
        return bytes_of_log(training) + 4 * dim * (3 * n_users + 4 * columns + 4 * dim)

    def multiplications(self, training: Training) -> float:
        """The texts of N users times themselves and times what they took."""
        n_users, dim = n_examples(training, MOST_USERS), int(training.text_vectors.shape[1])
        dense = dim**2 * float(n_users + len(training.items) + dim)
        return dense + SPARSE * dim * n_users * training.dataset.events_per_user

    def score(self, profiles: Sequence[Profile]) -> Floats:
        """(P, T) predicted chance that each item is taken; unclipped."""
        assert self.weights is not None and self.mean is not None  # noqa: S101, PT018
        assert self.training is not None, "fit comes first"  # noqa: S101
        say = text_rows(profiles, self.training) @ self.weights
        scores: Floats = say + self.mean if self.taken is None else spoken(say, self.taken, self.mean)
        return scores

    def contributions(self, profile: Profile, items: Rows, places: Rows) -> Contributions:
        """ȳ is popularity; each item of the history adds its part of the mean text times W."""
        assert self.weights is not None and self.mean is not None  # noqa: S101, PT018
        assert self.training is not None, "fit comes first"  # noqa: S101
        causes = text_by_cause(profile, items, self.training)  # (2 + H, dim)
        at = (causes @ self._weights_of(places)).astype(np.float64)
        mean = (causes @ self._mean_weights).astype(np.float64)
        at[0], mean[0] = self.mean[places], self.mean.mean(dtype=np.float64)
        return Contributions(at, mean, self.score([profile])[0].astype(np.float64))

    def _weights_of(self, places: Rows) -> Floats:
        """(dim, k) of W (Y - ȳ)."""
        assert self.weights is not None and self.mean is not None  # noqa: S101, PT018
        if self.taken is None:
            return self.weights[:, places]
        of_anyone = np.outer(self.weights.sum(1), self.mean[places])
        weights: Floats = self.weights @ self.taken[:, places].toarray() - of_anyone
        return weights

    @cached_property
    def _mean_weights(self) -> Floats:
        """(dim,) mean over the items of W (Y - ȳ)."""
        assert self.weights is not None and self.mean is not None  # noqa: S101, PT018
        each = np.full(self.weights.shape[1], 1 / max(self.weights.shape[1], 1), np.float32)
        if self.taken is not None:
            each = (self.taken.sum(1) / self.taken.shape[1] - self.mean.mean()).astype(np.float32)
        mean: Floats = self.weights @ each
        return mean
