"""Sequence models that know items by their ids alone: what the literature compares with."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from recsys_core.progress import Silent
from recsys_core.recommend.affordable import SPARSE, bytes_of_log
from recsys_core.recommend.interest import InterestRecommender
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommender import Training
from recsys_core.settings import read_settings
from recsys_core.training.options import Part, Tower, TrainingOptions

Floats = NDArray[np.float32]
KEPT: Final = frozenset({Part.IDS, Part.MASKING})


@dataclass(frozen=True, eq=False)
class SequenceModel:
    """Asks at each event of a history for the next one, by full cross-entropy over its domain's items, up to
    100,000 of them, for ``epochs`` passes; item vectors of length ``dim``.

    It is the user tower of the InterestModel alone: without text, popularity, gaps, domains and the tasks for
    newcomers. Each model of the literature is one ``tower`` of so many ``layers``.
    """

    epochs: int = 10
    dim: int = 128
    name: str = "sequence-model"
    tower: Tower = Tower.TRANSFORMER
    layers: int = 2
    learned: InterestRecommender | None = None

    @property
    def options(self) -> TrainingOptions:
        """What is trained."""
        return TrainingOptions(
            without=tuple(part for part in Part if part not in KEPT),
            tower=self.tower,
            layers=self.layers,
            epochs=self.epochs,
            patience=self.epochs,
            dim=self.dim,
            rate=1e-3,
            targets_per_user=50,
            id_dropout=0.0,
            id_decay=0.02,
        )

    def fit(self, training: Training, rng: np.random.Generator) -> Self:
        """The model after all epochs. Raises NotEnoughDataError where no user has two events."""
        from recsys_core.training.finetune import train_interest_model

        later, no_text = count(1), np.zeros((training.dataset.n_items, 1), np.float32)
        model = train_interest_model(
            training.dataset,
            no_text,
            lambda _: next(later),  # each epoch is called better than the one before, so the last one stays
            self.options,
            int(rng.integers(2**31)),
            Silent(),
            device=read_settings().device,
        )
        return replace(self, learned=InterestRecommender().fit(replace(training, model=model), rng))

    def bytes_needed(self, training: Training) -> int:
        """Item vectors seven times: as they learn, their gradients and moments, and the best so far; and what
        the towers take for one batch.
        """
        return bytes_of_log(training) + 28 * self.dim * training.dataset.n_items + 500_000_000

    def multiplications(self, training: Training) -> float:
        """There and back through the tower and over all items of a domain, for each event and epoch; and a
        step of all item vectors for each batch.
        """
        options, dataset = self.options, training.dataset
        each = self.dim * (12 * self.dim * options.layers + dataset.n_items / max(len(dataset.domains), 1))
        steps = dataset.n_users / options.batch_users + 1
        of_items = SPARSE * steps * self.dim * dataset.n_items
        return float(self.epochs * (3 * each * dataset.n_events + of_items))

    def score(self, profiles: Sequence[Profile]) -> Floats:
        """(P, T); a typed text is read by way of its nearest items."""
        assert self.learned is not None, "fit comes first"  # noqa: S101
        return self.learned.score(profiles)
