"""Two towers, one for people and one for items, that meet in a dot product."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from recsys_core.recommend.affordable import SPARSE, bytes_of_log
from recsys_core.recommend.examples import examples, n_examples
from recsys_core.recommend.features import item_rows, text_rows, unit_sparse
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommender import Training

if TYPE_CHECKING:
    from recsys_core.training.two_towers import TwoTowers

Floats = NDArray[np.float32]
MOST_USERS = 200_000


@dataclass(frozen=True, eq=False)
class TwoTower:
    """u · v_j + b_j (Covington et al. 2016; Yi et al. 2019): v_j an id vector plus a projected text, b_j
    begins at the log odds of the item, u a network of one hidden layer over what a person held elsewhere, by
    id and by mean text. Learned by binary cross-entropy of what past users took in the target.
    """

    epochs: int = 20
    dim: int = 64
    name: str = "two-tower"
    towers: "TwoTowers | None" = None
    training: Training | None = None

    def fit(self, training: Training, rng: np.random.Generator) -> "TwoTower":
        """Learn both towers for ``epochs`` passes over the past users."""
        from recsys_core.training.two_towers import Taken, learn_towers

        known = examples(training, MOST_USERS, rng)
        taken = Taken(unit_sparse(known.held), known.text, known.taken, training.item_text)
        return replace(self, towers=learn_towers(taken, self.dim, self.epochs, rng), training=training)

    def bytes_needed(self, training: Training) -> int:
        """Weights four times (gradients and two moments), texts, and the scores of a batch four times."""
        from recsys_core.training.two_towers import BATCH, DRAWN, HIDDEN

        n_items, text_dim = len(training.items), int(training.text_vectors.shape[1])
        weights = HIDDEN * training.dataset.n_items + self.dim * n_items
        texts = text_dim * (n_items + n_examples(training, MOST_USERS))
        return bytes_of_log(training) + 16 * weights + 4 * texts + 16 * BATCH * min(DRAWN, n_items)

    def multiplications(self, training: Training) -> float:
        """There and back through both towers for each user and epoch, and a step of all weights a batch."""
        from recsys_core.training.two_towers import BATCH, DRAWN, HIDDEN

        n_users, text_dim = n_examples(training, MOST_USERS), int(training.text_vectors.shape[1])
        asked = min(DRAWN, len(training.items))
        weights = HIDDEN * training.dataset.n_items + self.dim * len(training.items)
        of_batch = 3 * asked * self.dim * (BATCH + text_dim) + SPARSE * weights
        return float(self.epochs * max(1.0, n_users / BATCH) * of_batch)

    def score(self, profiles: Sequence[Profile]) -> Floats:
        """(P, T) log odds that each item is taken."""
        import torch

        assert self.towers is not None and self.training is not None, "fit comes first"  # noqa: S101, PT018
        held, text = item_rows(profiles, self.training), text_rows(profiles, self.training)
        everything = torch.arange(len(self.training.items))
        with torch.inference_mode():
            people = self.towers.user(unit_sparse(held), text)
            scores: Floats = (people @ self.towers.item(everything).T + self.towers.odds).numpy()
        return scores
