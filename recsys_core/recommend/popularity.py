"""What most people took: of all time, or lately."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from recsys_core.catalogue.dataset import PIECE_EVENTS
from recsys_core.recommend.affordable import SPARSE, bytes_of_log
from recsys_core.recommend.contributions import Contributions, Rows
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommender import Training

Floats = NDArray[np.float32]
DAY = 86_400


@dataclass(frozen=True, eq=False)
class Popularity:
    """Every target item by log(1 + number of its users), the same for everyone."""

    name: str = "popularity"
    levels: Floats | None = None

    def fit(self, training: Training, rng: np.random.Generator) -> "Popularity":  # noqa: ARG002
        """Count each item's users."""
        users = training.dataset.takers[training.items]
        return replace(self, levels=np.log1p(users).astype(np.float32))

    def bytes_needed(self, training: Training) -> int:
        """A few columns as long as the log."""
        return bytes_of_log(training)

    def multiplications(self, training: Training) -> float:
        """A few passes over the log."""
        return SPARSE * 10 * training.dataset.n_events

    def score(self, profiles: Sequence[Profile]) -> Floats:
        """(P, T) the same row for every profile."""
        assert self.levels is not None, "fit comes first"  # noqa: S101
        return np.tile(self.levels, (len(profiles), 1))

    def contributions(self, profile: Profile, items: Rows, places: Rows) -> Contributions:  # noqa: ARG002
        """All of it is popularity."""
        assert self.levels is not None, "fit comes first"  # noqa: S101
        return _for_anyone(self.levels, items, places)


@dataclass(frozen=True, eq=False)
class RecentPopularity:
    """Every target item by log(1 + Σ over its events of 2^(-age / half_life)), age in days before
    ``training.now``; the same for everyone.
    """

    half_life: float = 90.0
    name: str = "recent-popularity"
    levels: Floats | None = None

    def fit(self, training: Training, rng: np.random.Generator) -> "RecentPopularity":  # noqa: ARG002
        """Count each item's events, the older the less."""
        sums = np.zeros(training.dataset.n_items)
        for piece in training.dataset.pieces(PIECE_EVENTS):
            age = np.maximum(training.now - piece.time, 0) / DAY
            np.add.at(sums, piece.item, np.exp2(-age / self.half_life))
        return replace(self, levels=np.log1p(sums[training.items]).astype(np.float32))

    def bytes_needed(self, training: Training) -> int:
        """A few columns as long as the log."""
        return bytes_of_log(training)

    def multiplications(self, training: Training) -> float:
        """A few passes over the log."""
        return SPARSE * 10 * training.dataset.n_events

    def score(self, profiles: Sequence[Profile]) -> Floats:
        """(P, T) the same row for every profile."""
        assert self.levels is not None, "fit comes first"  # noqa: S101
        return np.tile(self.levels, (len(profiles), 1))

    def contributions(self, profile: Profile, items: Rows, places: Rows) -> Contributions:  # noqa: ARG002
        """All of it is popularity."""
        assert self.levels is not None, "fit comes first"  # noqa: S101
        return _for_anyone(self.levels, items, places)


def _for_anyone(levels: Floats, items: Rows, places: Rows) -> Contributions:
    at, mean = np.zeros((2 + len(items), len(places))), np.zeros(2 + len(items))
    at[0], mean[0] = levels[places], levels.mean(dtype=np.float64)
    return Contributions(at, mean, levels.astype(np.float64))
