"""From what someone holds, by id and by text, to what similar people took here."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import psutil
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.linalg.blas import strsv
from scipy.sparse import csr_array, diags_array

from recsys_core.recommend.contributions import Contributions, Rows
from recsys_core.recommend.examples import Examples, examples
from recsys_core.recommend.features import by_cause, item_rows, text_by_cause, text_rows
from recsys_core.recommend.memory import bytes_of_log
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommender import Training

Floats = NDArray[np.float32]
MOST_USERS = 12_000
MEMORY_SHARE = 0.5


@dataclass(frozen=True, eq=False)
class KernelRidge:
    """k(x) (K + strength · 1)⁻¹ (Y - ȳ) + ȳ over N past users (Saunders et al. 1998).

    K is ``ids`` × cosine of the 0/1 histories + (1 - ``ids``) × cosine of the mean texts, ``ids`` in
    [0, 1]. At most 12,000 users are learned from, fewer where K and its factor (8 N² bytes) would take
    more than half of the free memory.
    """

    strength: float = 3.0
    ids: float = 0.5
    name: str = "kernel-ridge"
    known: Examples | None = None
    factor: tuple[Floats, bool] | None = None
    mean: Floats | None = None
    training: Training | None = None

    def fit(self, training: Training, rng: np.random.Generator) -> "KernelRidge":
        """Factorise K + strength · 1."""
        known = examples(training, most_users(), rng)
        known = replace(known, held=unit_sparse(known.held))
        kernel = self._kernel(known.held, known.text, known)
        kernel.flat[:: len(known) + 1] += self.strength
        factor = cho_factor(kernel, lower=True, overwrite_a=True, check_finite=False)
        mean = known.mean_taken
        return replace(self, known=known, factor=factor, mean=mean, training=training)

    def bytes_needed(self, training: Training) -> int:
        """K three times while it is laid out, and the texts (N, dim)."""
        n_users = min(training.dataset.n_users, most_users())
        texts = 12 * n_users * int(training.text_vectors.shape[1])
        return bytes_of_log(training) + 16 * n_users**2 + texts

    def score(self, profiles: Sequence[Profile]) -> Floats:
        """(P, T) predicted chance that each item is taken; unclipped."""
        assert self.known is not None and self.factor is not None  # noqa: S101, PT018
        assert self.training is not None and self.mean is not None, "fit comes first"  # noqa: S101, PT018
        held = unit_sparse(item_rows(profiles, self.training))
        kernel = self._kernel(held, text_rows(profiles, self.training), self.known)  # (P, N)
        say = self._solved(kernel.T).T  # (P, N) each past user's say
        rest = np.outer(1 - say.sum(1), self.mean)
        scores: Floats = (self.known.taken.T @ say.T).T + rest
        return scores.astype(np.float32, copy=False)

    def contributions(self, profile: Profile, items: Rows, places: Rows) -> Contributions:
        """ȳ is popularity; each item of the history adds its part of the kernel, by id and by text."""
        assert self.known is not None and self.factor is not None  # noqa: S101, PT018
        assert self.training is not None and self.mean is not None, "fit comes first"  # noqa: S101, PT018
        kernel = self._kernel_by_cause(profile, items, self.known)  # (2 + H, N)
        taken = self.known.taken
        at_and_mean = np.column_stack([taken[:, places].toarray(), taken.sum(1) / max(taken.shape[1], 1)])
        levels = np.append(self.mean[places], self.mean.mean(dtype=np.float64))
        learned = self._solved((at_and_mean - levels).astype(np.float32))  # (N, k + 1)
        both = kernel @ learned
        both[0] = levels
        return Contributions(both[:, :-1], both[:, -1], self.score([profile])[0].astype(np.float64))

    def _solved(self, right: Floats) -> Floats:
        """(K + strength · 1)⁻¹ times ``right`` (N, M); for M = 1 by the routine for vectors, which reads the
        factor a few times faster.
        """
        assert self.factor is not None  # noqa: S101
        if right.shape[1] != 1 or not len(right):
            solved: Floats = cho_solve(self.factor, right, check_finite=False)
            return solved
        half = strsv(self.factor[0], right[:, 0], lower=1)
        one: Floats = strsv(self.factor[0], half, lower=1, trans=1)[:, None]
        return one

    def _kernel_by_cause(self, profile: Profile, items: Rows, known: Examples) -> NDArray[np.float64]:
        held = unit_sparse(item_rows([profile], self.training))  # type: ignore[arg-type]
        by_id = (diags_array(held.data) @ known.held[:, held.indices].T).toarray()  # (held, N)
        text = text_by_cause(profile, items, self.training) @ known.text.T  # type: ignore[arg-type]
        return self.ids * by_cause(profile, items, by_id) + (1 - self.ids) * text

    def _kernel(self, held: csr_array, text: Floats, known: Examples) -> Floats:
        by_id: Floats = (held @ known.held.T).toarray()
        by_id *= self.ids
        by_id += (1 - self.ids) * (text @ known.text.T)
        return by_id


def most_users() -> int:
    """How many past users fit into half of the memory that is free now, at most 12,000."""
    free = psutil.virtual_memory().available * MEMORY_SHARE
    return max(1, min(MOST_USERS, int((free / 8) ** 0.5)))


def unit_sparse(rows: csr_array) -> csr_array:
    """Each row by its L2 norm; empty rows stay empty."""
    norms = np.sqrt(np.asarray(rows.power(2).sum(1)))
    scale = np.divide(1, norms, out=np.zeros_like(norms), where=norms > 0)
    return csr_array(diags_array(scale.astype(np.float32)) @ rows)
