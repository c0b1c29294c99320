"""A linear autoencoder over item ids of all domains: what is taken along with what."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recsys_core.recommend.affordable import SPARSE, bytes_of_log
from recsys_core.recommend.examples import user_items
from recsys_core.recommend.features import item_rows
from recsys_core.recommend.inverse import inverse_of
from recsys_core.recommend.kernel_ridge import most_users
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommender import Training

Floats = NDArray[np.float32]
CHUNK = 1_000


@dataclass(frozen=True, eq=False)
class Ease:
    """Score of target item j: Σ over held items i of B_ij, B = -P / diag(P) with zero diagonal,
    P = (XᵀX + strength · 1)⁻¹, X (U, I) 0/1 who took what in any domain (EASE, Steck 2019).

    Solved over the users: strength · P = 1 - Xᵀ K X with K = (X Xᵀ + strength · 1)⁻¹ (Woodbury), so
    that memory grows with U², not I², and neither P nor B is ever formed. It is the same model. Users
    with one item alone teach B nothing and are left out; of the others at most 12,000 are drawn, fewer
    where K (8 U² bytes with its factor) would take more than half of the free memory.
    """

    strength: float = 100.0
    name: str = "ease"
    taken: csr_array | None = None
    inverse: Floats | None = None
    diagonal: Floats | None = None
    training: Training | None = None

    def fit(self, training: Training, rng: np.random.Generator) -> "Ease":
        """Invert X Xᵀ + strength · 1."""
        taken = user_items(training)
        users = np.flatnonzero(np.diff(taken.indptr) > 1)
        if len(users) > most_users():
            users = np.sort(rng.choice(users, most_users(), replace=False))
        taken = taken[users]
        inverse = inverse_of((taken @ taken.T).toarray(), self.strength)
        diagonal = diagonal_of(inverse, taken[:, training.items])
        return replace(self, taken=taken, inverse=inverse, diagonal=diagonal, training=training)

    def bytes_needed(self, training: Training) -> int:
        """X Xᵀ sparse and laid out, and its inverse."""
        n_users = min(training.dataset.n_users, most_users())
        return bytes_of_log(training) + 16 * n_users**2 + 16 * CHUNK * n_users

    def multiplications(self, training: Training) -> float:
        """The inverse, and its product with what was taken in the target."""
        n_users = min(training.dataset.n_users, most_users())
        return float(n_users) ** 3 + SPARSE * n_users * training.dataset.n_events

    def score(self, profiles: Sequence[Profile]) -> Floats:
        """(P, T)."""
        assert self.taken is not None and self.inverse is not None  # noqa: S101, PT018
        assert self.training is not None and self.diagonal is not None, "fit comes first"  # noqa: S101, PT018
        held, items = item_rows(profiles, self.training), self.training.items
        say = (held @ self.taken.T).toarray() @ self.inverse  # (P, U) each past user's say
        scores: Floats = (self.taken[:, items].T @ say.T).T
        scores = scores - held[:, items].toarray() * self.diagonal
        unit: Floats = scores / (1 - self.diagonal)
        return unit.astype(np.float32, copy=False)


def diagonal_of(inverse: Floats, taken: csr_array) -> Floats:
    """(T,) diagonal of Yᵀ K Y, K (U, U) the ``inverse`` and Y (U, T) ``taken``; all in [0, 1)."""
    diagonal = np.zeros(taken.shape[1], np.float32)
    for at in range(0, len(diagonal), CHUNK):
        some = taken[:, at : at + CHUNK]
        diagonal[at : at + CHUNK] = np.asarray(some.multiply((some.T @ inverse).T).sum(0)).ravel()
    return diagonal
