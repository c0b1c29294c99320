"""What a recommender learns from and what it must be able to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from recsys_core.catalogue.dataset import Dataset
from recsys_core.catalogue.history import History
from recsys_core.recommend.profile import Profile

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]


class HistoryScorer(Protocol):
    """What is asked of a trained interest model; ``training.trained_model.TrainedModel`` is one."""

    @property
    def item_vectors(self) -> Floats:
        """(I, D) a vector of length 1 for each item of any domain."""

    def states(self, histories: Sequence[History], target: int) -> Floats:
        """(N, D) what each history's interest asks of domain ``target``; a history may be empty."""

    def score(self, histories: Sequence[History], target: int) -> Floats:
        """(N, T) float32 over the items of domain ``target``; a history may be empty."""


@dataclass(frozen=True, eq=False)
class Training:
    """``dataset``: already without every event that must not be seen. ``target``: index of the domain
    to recommend from. ``text_vectors``: (I, dim) float32, zero rows for items without text. ``model``:
    an interest model trained without those events too, or None. ``now``: unix seconds.
    """

    dataset: Dataset
    target: int
    text_vectors: Floats
    model: HistoryScorer | None = None
    now: int = 0

    @cached_property
    def items(self) -> Rows:
        """(T,) int64 row numbers of the target domain's items, ascending: the columns of all scores."""
        return self.dataset.domain_items(self.target)

    @cached_property
    def item_text(self) -> Floats:
        """(T, dim) text vectors of the target domain's items."""
        return self.text_vectors[self.items]

    @property
    def target_name(self) -> str:
        """Name of the target domain."""
        return self.dataset.domains[self.target]


class Recommender(Protocol):
    """Ranks the items of one target domain for any profile."""

    @property
    def name(self) -> str:
        """The name on the scorecard, e.g. ``item-knn``."""

    def fit(self, training: Training, rng: np.random.Generator) -> Self:
        """One that learned from ``training``, with the same choices; the receiver is unchanged."""

    def bytes_needed(self, training: Training) -> int:
        """About the most memory in bytes that ``fit`` on ``training`` takes at once, told beforehand."""

    def multiplications(self, training: Training) -> float:
        """About how many multiplications of a dense product ``fit`` on ``training`` takes as long as."""

    def score(self, profiles: Sequence[Profile]) -> Floats:
        """(P, T) float32 over ``dataset.domain_items(target)``, higher is better, all finite; seen
        items are scored too. Asked only after ``fit``.
        """


@dataclass(frozen=True)
class Outline:
    """Of one person's scores of all items: ``mean``, ``spread`` (standard deviation), and ``most``, which
    none of them is above.
    """

    mean: float
    spread: float
    most: float


@runtime_checkable
class Bounded(Protocol):
    """A recommender that can tell of its scores as a whole, and those of a few items, without all of them."""

    def outline(self, profile: Profile) -> Outline:
        """Of the scores that ``score`` gives ``profile``."""

    def score_at(self, profile: Profile, places: Rows) -> Floats:
        """(k,) scores at positions ``places`` of the target's items, as ``score`` gives them."""


@runtime_checkable
class Shortlisting(Protocol):
    """A recommender that finds its k best items without scoring all of them."""

    def best(self, profile: Profile, excluded: Rows | None, k: int) -> tuple[Rows, Floats]:
        """Positions and scores of the k best items but those at ``excluded``, best first."""
