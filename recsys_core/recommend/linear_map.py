"""From what someone likes elsewhere to what they like here, by one matrix between two sets of factors."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import csr_array, diags_array

from recsys_core.recommend.affordable import bytes_of_log
from recsys_core.recommend.contributions import Contributions, Rows
from recsys_core.recommend.examples import examples, n_examples, user_items
from recsys_core.recommend.factors import (
    MOST_USERS,
    factors,
    factors_known,
    multiplications_of_factors,
    some_users,
)
from recsys_core.recommend.features import by_cause, item_rows, unit_sparse
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommender import Training

Floats = NDArray[np.float32]
ROUNDING = 1e-6


@dataclass(frozen=True, eq=False)
class LinearMap:
    """x S M Tᵀ + ȳ: the linear map of EMCDR (Man et al. 2017) between the factors of two domains.

    S (I, d) and T (n, d) are the ``factors`` of who took what elsewhere and of who took what in the target;
    M (d, d) is the ridge regression of the users' target factors on their factors elsewhere, x S, over those
    who are in both; ȳ the mean of what they took. Items of the target in a profile have their own factors in
    T and need no map.

    T is Yᵀ P, with Y (U, n) the ``taken`` of the target's U users at length 1 and P (U, d) their factors over
    the squared singular values. Where they are fewer than its items, T is left so, and a list reads a row for
    each user and what they took, not one for each item.
    """

    dim: int = 64
    strength: float = 1.0
    name: str = "linear-map"
    read: Floats | None = None
    write: Floats | None = None
    taken: csr_array | None = None
    mean: Floats | None = None
    training: Training | None = None

    def fit(self, training: Training, rng: np.random.Generator) -> "LinearMap":
        """Factorise both sides, then solve for M. ``read`` (I, d): S M; ``write``: T, or P."""
        known = examples(training, MOST_USERS, rng)
        source = factors_known(known, training, self.dim, rng)
        taken, people = _people(training, self.dim, rng)
        target = taken.T @ people
        mean, x = known.mean_taken, unit_sparse(known.held) @ source  # (N, d)
        y = known.taken @ target - mean @ target
        gram = x.T @ x + self.strength * np.eye(x.shape[1], dtype=np.float32)
        read = source @ cho_solve(cho_factor(gram), x.T @ y, check_finite=False)
        if not source[training.items].any():
            read[training.items] = target
        learned = replace(self, read=read.astype(np.float32), mean=mean, training=training)
        if taken.shape[0] < taken.shape[1]:
            return replace(learned, write=people, taken=taken)
        return replace(learned, write=target)

    def bytes_needed(self, training: Training) -> int:
        """Factors of users, items and target items, six times while they are found, in float32."""
        rows = 2 * min(training.dataset.n_users, MOST_USERS) + training.dataset.n_items + len(training.items)
        return bytes_of_log(training) + 24 * (self.dim + 10) * rows

    def multiplications(self, training: Training) -> float:
        """The factors of both sides, and the map."""
        n_users = n_examples(training, MOST_USERS)
        return 2 * multiplications_of_factors(training, self.dim) + 2.0 * n_users * self.dim**2

    def score(self, profiles: Sequence[Profile]) -> Floats:
        """(P, n)."""
        assert self.read is not None and self.write is not None  # noqa: S101, PT018
        assert self.training is not None and self.mean is not None, "fit comes first"  # noqa: S101, PT018
        held = unit_sparse(item_rows(profiles, self.training))
        scores: Floats = (held @ self.read) @ self.write.T
        if self.taken is not None:
            scores = np.ascontiguousarray((self.taken.T @ scores.T).T)
        return (scores + self.mean).astype(np.float32, copy=False)

    def contributions(self, profile: Profile, items: Rows, places: Rows) -> Contributions:
        """ȳ is popularity; each item of the history adds its factors times those of the target item."""
        assert self.read is not None and self.write is not None  # noqa: S101, PT018
        assert self.training is not None and self.mean is not None, "fit comes first"  # noqa: S101, PT018
        held = unit_sparse(item_rows([profile], self.training))
        factors_held = diags_array(held.data) @ self.read[held.indices]  # (held, d)
        columns = np.vstack([self._target(places), self._mean_target])  # (k + 1, d)
        both = by_cause(profile, items, (factors_held @ columns.T).astype(np.float64))
        both[0] = np.append(self.mean[places], self.mean.mean(dtype=np.float64))
        return Contributions(both[:, :-1], both[:, -1], self.score([profile])[0].astype(np.float64))

    def _target(self, places: Rows) -> Floats:
        """(k, d) rows of T."""
        assert self.write is not None  # noqa: S101
        rows: Floats = self.write[places] if self.taken is None else self.taken[:, places].T @ self.write
        return rows

    @cached_property
    def _mean_target(self) -> Floats:
        """(d,) mean of the rows of T."""
        assert self.write is not None  # noqa: S101
        if self.taken is None:
            mean: Floats = self.write.mean(0)
        else:
            mean = np.asarray(self.taken.sum(1)).ravel() @ self.write / self.taken.shape[1]
        return mean


def _people(training: Training, dim: int, rng: np.random.Generator) -> tuple[csr_array, Floats]:
    """Y (U, n) of the users who took anything in the target, and P (U, d)."""
    taken = user_items(training, training.items)
    taken = unit_sparse(some_users(csr_array(taken[np.flatnonzero(np.diff(taken.indptr))]), rng))
    people = taken @ factors(taken, dim, rng)
    squares = np.square(people).sum(0)  # of the singular values; the least are rounding
    inverse = np.divide(
        1, squares, out=np.zeros_like(squares), where=squares > ROUNDING * squares.max(initial=0)
    )
    return taken, people * inverse
