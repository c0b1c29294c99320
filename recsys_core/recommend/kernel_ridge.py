"""From what someone holds, by id and by text, to what similar people took here."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import psutil
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array

from recsys_core.recommend.contributions import Contributions, Rows
from recsys_core.recommend.examples import Examples, examples, spoken
from recsys_core.recommend.features import by_cause, item_rows, text_by_cause, text_rows
from recsys_core.recommend.inverse import inverse_of
from recsys_core.recommend.memory import bytes_of_log
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommender import Training

Floats = NDArray[np.float32]
MOST_USERS = 12_000
MEMORY_SHARE = 0.5
ITEMS_PER_USER = 2


@dataclass(frozen=True, eq=False)
class KernelRidge:
    """k(x) (K + strength · 1)⁻¹ (Y - ȳ) + ȳ over N past users (Saunders et al. 1998).

    K is ``ids`` × cosine of the 0/1 histories + (1 - ``ids``) × cosine of the mean texts, ``ids`` in
    [0, 1]. At most 12,000 users are learned from, fewer where K and its inverse (8 N² bytes) would take
    more than half of the free memory.

    Both kernels are products of a newcomer's features with those of the past users, so the inverse is kept
    times the latter: ``by_text`` (dim, N), and ``by_id`` (I, N) of the I items that they held (``columns``).
    A list then reads a row for each item held, not N of them. Where I is above 2 N, ``by_id`` is the inverse
    itself, and ``columns`` None.
    """

    strength: float = 3.0
    ids: float = 0.5
    name: str = "kernel-ridge"
    known: Examples | None = None
    by_id: Floats | None = None
    by_text: Floats | None = None
    columns: Rows | None = None
    mean: Floats | None = None
    training: Training | None = None

    def fit(self, training: Training, rng: np.random.Generator) -> "KernelRidge":
        """Invert K + strength · 1."""
        known = examples(training, most_users(), rng)
        known = replace(known, held=unit_sparse(known.held))
        inverse = inverse_of(self._kernel(known), self.strength)
        columns, by_text = np.unique(known.held.indices).astype(np.int64), known.text.T @ inverse
        if len(columns) > ITEMS_PER_USER * len(known):
            learned = replace(self, by_id=inverse, by_text=by_text)
        else:
            learned = replace(
                self, by_id=known.held[:, columns].T @ inverse, by_text=by_text, columns=columns
            )
        return replace(learned, known=known, mean=known.mean_taken, training=training)

    def bytes_needed(self, training: Training) -> int:
        """K four times while it is laid out, and the texts (N, dim)."""
        n_users = min(training.dataset.n_users, most_users())
        texts = 12 * n_users * int(training.text_vectors.shape[1])
        return bytes_of_log(training) + 16 * n_users**2 + texts

    def score(self, profiles: Sequence[Profile]) -> Floats:
        """(P, T) predicted chance that each item is taken; unclipped."""
        assert self.known is not None and self.by_text is not None  # noqa: S101, PT018
        assert self.training is not None and self.mean is not None, "fit comes first"  # noqa: S101, PT018
        say: Floats = self._features(unit_sparse(item_rows(profiles, self.training))) @ self.by_id  # (P, N)
        say *= self.ids
        say += (1 - self.ids) * (text_rows(profiles, self.training) @ self.by_text)
        return spoken(say, self.known.taken, self.mean)

    def contributions(self, profile: Profile, items: Rows, places: Rows) -> Contributions:
        """ȳ is popularity; each item of the history adds its part of the kernel, by id and by text."""
        assert self.known is not None and self.mean is not None, "fit comes first"  # noqa: S101, PT018
        taken = self.known.taken
        at_and_mean = np.column_stack([taken[:, places].toarray(), taken.sum(1) / max(taken.shape[1], 1)])
        levels = np.append(self.mean[places], self.mean.mean(dtype=np.float64))
        both = self._say_by_cause(profile, items) @ (at_and_mean - levels)
        both[0] = levels
        return Contributions(both[:, :-1], both[:, -1], self.score([profile])[0].astype(np.float64))

    def _say_by_cause(self, profile: Profile, items: Rows) -> NDArray[np.float64]:
        """(2 + H, N) what each thing known adds to each past user's say."""
        assert self.training is not None and self.by_text is not None  # noqa: S101, PT018
        held = unit_sparse(item_rows([profile], self.training))
        one_each = (held.data, held.indices, np.arange(len(held.data) + 1))
        alone = csr_array(one_each, shape=(len(held.data), held.shape[1]))
        by_id = by_cause(profile, items, self._features(alone) @ self.by_id)
        text = text_by_cause(profile, items, self.training) @ self.by_text
        return self.ids * by_id + (1 - self.ids) * text

    def _features(self, held: csr_array) -> csr_array:
        """What ``by_id`` is read by, of unit rows of items held."""
        assert self.known is not None  # noqa: S101
        return held @ self.known.held.T if self.columns is None else held[:, self.columns]

    def _kernel(self, known: Examples) -> Floats:
        by_id: Floats = (known.held @ known.held.T).toarray()
        by_id *= self.ids
        by_id += (1 - self.ids) * (known.text @ known.text.T)
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
