"""Items taken by the same people, across domains."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array

from recsys_core.recommend.affordable import SPARSE, bytes_of_log, common_pairs
from recsys_core.recommend.contributions import Contributions, Rows
from recsys_core.recommend.examples import user_items
from recsys_core.recommend.features import by_cause, item_rows
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommender import Training

Floats = NDArray[np.float32]
ROWS = 2_000


@dataclass(frozen=True, eq=False)
class ItemKnn:
    """Score of target item j: Σ over held items i of users(i, j) / (√(users(i) · users(j)) + shrink).

    Cosine similarity of the items' users, shrunk where few are (Sarwar et al. 2001; shrinkage as in
    Bell and Koren 2007); similarity of an item to itself is 0. Stored sparse: (I, T).
    """

    shrink: float = 20.0
    name: str = "item-knn"
    similarity: csr_array | None = None
    training: Training | None = None

    def fit(self, training: Training, rng: np.random.Generator) -> "ItemKnn":  # noqa: ARG002
        """Count common users of every pair (any item, target item)."""
        taken = user_items(training)
        counts = np.asarray(taken.sum(0))
        common = csr_array(taken.T.tocsr() @ user_items(training, training.items))
        del taken
        for start in range(0, common.shape[0], ROWS):
            self._to_cosines(common, np.arange(start, min(start + ROWS, common.shape[0])), counts, training)
        common.eliminate_zeros()
        return replace(self, similarity=common, training=training)

    def _to_cosines(self, common: csr_array, rows: Rows, counts: Floats, training: Training) -> None:
        """Turn ``rows``, in a row, of numbers of common users into similarities, 0 of an item to itself."""
        some = slice(common.indptr[rows[0]], common.indptr[rows[-1] + 1])
        row = np.repeat(rows, np.diff(common.indptr[rows[0] : rows[-1] + 2]))
        column = training.items[common.indices[some]]
        size = np.sqrt(counts[row] * counts[column])
        common.data[some] = np.where(row == column, 0, common.data[some] / (size + self.shrink))

    def bytes_needed(self, training: Training) -> int:
        """24 bytes a pair of items with a user in common: counts and places, then cosines."""
        return bytes_of_log(training, 3) + 24 * common_pairs(training)

    def multiplications(self, training: Training) -> float:
        """Common users of all pairs, counted, sorted and divided."""
        return SPARSE * 10 * (training.dataset.n_events + common_pairs(training))

    def score(self, profiles: Sequence[Profile]) -> Floats:
        """(P, T)."""
        assert self.similarity is not None  # noqa: S101
        assert self.training is not None, "fit comes first"  # noqa: S101
        scores: Floats = (item_rows(profiles, self.training) @ self.similarity).toarray()
        return scores

    def contributions(self, profile: Profile, items: Rows, places: Rows) -> Contributions:
        """What each item held is similar to, as much as it counts; typed text by what stands for it."""
        assert self.similarity is not None  # noqa: S101
        assert self.training is not None, "fit comes first"  # noqa: S101
        held = item_rows([profile], self.training)
        parts = csr_array(diags_array(held.data) @ self.similarity[held.indices])  # (held, T)
        mean = np.asarray(parts.sum(1), np.float64) / max(parts.shape[1], 1)
        both = by_cause(profile, items, np.column_stack([parts[:, places].toarray(), mean]))
        return Contributions(both[:, :-1], both[:, -1], np.asarray(parts.sum(0), np.float64))
