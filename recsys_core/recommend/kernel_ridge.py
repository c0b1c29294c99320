"""From what someone holds, by id and by traits, to what similar people took here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import psutil
from numpy.typing import NDArray
from scipy.sparse import csr_array, eye_array

from recsys_core.errors import NotEnoughDataError
from recsys_core.recommend.affordable import SPARSE, bytes_of_log
from recsys_core.recommend.contributions import Contributions, Rows
from recsys_core.recommend.examples import Examples, examples, n_examples, spoken
from recsys_core.recommend.factors import factors_known, multiplications_of_factors
from recsys_core.recommend.features import by_cause, item_rows, unit_sparse
from recsys_core.recommend.inverse import inverse_of
from recsys_core.recommend.kernel_search import SHARES, TRIES, better_shares
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommender import Training
from recsys_core.recommend.taken_together import pairs_together, passing_on
from recsys_core.recommend.traits import PARTS, Traits

Floats = NDArray[np.float32]
MOST_USERS = 12_000
MOST_SEARCHED = 2_000
MEMORY_SHARE = 0.5
ITEMS_PER_USER = 2
TASTES = 256


@dataclass(frozen=True, eq=False)
class KernelRidge:
    """k(x) (K + strength · 1)⁻¹ (Y - ȳ) (1 + together · S) + ȳ over N past users (Saunders et al. 1998).

    K is a sum of cosines by shares that sum to 1: ``interests`` and ``states`` × those of the ``Traits`` of
    these names; of what is left ``ids`` × that of the 0/1 histories, ``tastes``, ``times`` and ``amount`` ×
    those of these traits, and the rest × that of the mean texts. With ``searching``, a fit first looks for
    better numbers than the last four by leaving each past user out, which can't tell the first two: the model
    has seen what past users took. At most 12,000 users are learned from, fewer where K and its inverse
    (8 N² bytes) would take more than half of the free memory. S is ``taken_together``: what is expected of an
    item is expected a little of those that go with it.

    All kernels are products of a newcomer's features with those of the past users, so the inverse is kept
    times the latter: ``by_traits`` (D, N), and ``by_id`` (I, N) of the I items that they held (``columns``).
    A list then reads a row for each item held, not N of them. Where I is above 2 N, ``by_id`` is the inverse
    itself, and ``columns`` None.
    """

    strength: float = 3.0
    ids: float = 0.5
    tastes: float = 0.0
    times: float = 0.0
    amount: float = 0.0
    interests: float = 0.0
    states: float = 0.0
    together: float = 0.0
    searching: bool = False
    name: str = "kernel-ridge"
    known: Examples | None = None
    traits: Traits | None = None
    by_id: Floats | None = None
    by_traits: Floats | None = None
    columns: Rows | None = None
    mean: Floats | None = None
    onward: csr_array | None = None
    training: Training | None = None

    @property
    def shares(self) -> dict[str, float]:
        """Of each part of the kernel."""
        told = {"ids": self.ids, "tastes": self.tastes, "times": self.times, "amount": self.amount}
        others = told | {"text": max(0.0, 1 - sum(told.values()))}
        learned = {"interests": self.interests, "states": self.states}
        left = 1 - sum(learned.values())
        return {name: left * share for name, share in others.items()} | learned

    def fit(self, training: Training, rng: np.random.Generator) -> "KernelRidge":
        """Invert K + strength · 1. Raises NotEnoughDataError where a model counts and isn't there."""
        if (self.interests or self.states) and training.model is None:
            raise NotEnoughDataError("There is no interest model yet.", "Fine-tune one first.")
        known = examples(training, most_users(), rng)
        known = replace(known, held=unit_sparse(known.held))
        dim = TASTES if self.tastes or self.searching else 0
        traits = Traits(training, factors_known(known, training, dim, rng))
        parts = traits.parts(known.profiles(training), self._needed)
        chosen = self._searched(known, parts, rng) if self.searching else self
        onward = passing_on(training, self.together, rng) if self.together else None
        return replace(chosen, traits=traits, training=training, onward=onward)._solved(known, parts)

    def bytes_needed(self, training: Training) -> int:
        """K four times while it is laid out, its parts while they are searched, the traits (N, D), and S."""
        n_users = n_examples(training, most_users())
        searched = 24 * min(n_users, MOST_SEARCHED) ** 2 if self.searching else 0
        traits = 12 * (n_users + training.dataset.n_items) * (int(training.text_vectors.shape[1]) + TASTES)
        together = 64 * pairs_together(training) if self.together else 0
        return bytes_of_log(training) + 16 * n_users**2 + searched + traits + together

    def multiplications(self, training: Training) -> float:
        """The kernel of N users and its inverse, once for each try of the search, the factors, and S."""
        n_users = n_examples(training, most_users())
        dim = int(training.text_vectors.shape[1]) + TASTES
        solved = float(n_users) ** 2 * ((1 + ITEMS_PER_USER) * n_users + dim)
        if self.together:
            solved += SPARSE * 10 * pairs_together(training)
        if not self.searching:
            return solved
        searched = float(min(n_users, MOST_SEARCHED))
        tried = searched**2 * (searched + SPARSE * training.dataset.events_per_user)
        return solved + TRIES * tried + multiplications_of_factors(training, TASTES)

    def score(self, profiles: Sequence[Profile]) -> Floats:
        """(P, T) predicted chance that each item is taken; unclipped."""
        assert self.known is not None and self.traits is not None  # noqa: S101, PT018
        assert self.training is not None and self.mean is not None  # noqa: S101, PT018
        assert self.by_traits is not None, "fit comes first"  # noqa: S101
        say: Floats = self._features(unit_sparse(item_rows(profiles, self.training))) @ self.by_id  # (P, N)
        say *= self.shares["ids"]
        say += self._described(self.traits.parts(profiles, self._counting)) @ self.by_traits
        expected = spoken(say, self.known.taken, self.mean)
        if self.onward is None:
            return expected
        passed: Floats = np.ascontiguousarray((expected - self.mean) @ self.onward)
        passed += self.mean
        return passed

    def contributions(self, profile: Profile, items: Rows, places: Rows) -> Contributions:
        """ȳ is popularity; each item of the history adds its part of the kernel, by id and by traits."""
        assert self.known is not None and self.mean is not None, "fit comes first"  # noqa: S101, PT018
        read = self._reading(places)
        centre = self.mean.astype(np.float64) @ read
        both = self._say_by_cause(profile, items) @ (self.known.taken @ read - centre)
        both[0] = [*self.mean[places], self.mean.mean(dtype=np.float64)]
        return Contributions(both[:, :-1], both[:, -1], self.score([profile])[0].astype(np.float64))

    def _searched(
        self, known: Examples, parts: Mapping[str, Floats], rng: np.random.Generator
    ) -> "KernelRidge":
        """With the shares and the strength that do best, by at most 2,000 past users."""
        some = np.arange(len(known))
        if len(some) > MOST_SEARCHED:
            some = np.sort(rng.choice(some, MOST_SEARCHED, replace=False))
        kernels = {name: part[some] @ part[some].T for name, part in parts.items()}
        kernels["ids"] = (known.held[some] @ known.held[some].T).toarray()
        begin = {name: getattr(self, name) for name in ("strength", "ids", "tastes", "times", "amount")}
        found = better_shares(kernels, known.taken[some], begin)
        return replace(self, searching=False, **found)  # type: ignore[arg-type]

    def _solved(self, known: Examples, parts: Mapping[str, Floats]) -> "KernelRidge":
        described = self._described(parts)
        kernel: Floats = (known.held @ known.held.T).toarray()
        kernel *= self.shares["ids"]
        kernel += described @ described.T
        inverse = inverse_of(kernel, self.strength)
        learned = replace(self, known=known, mean=known.mean_taken, by_traits=described.T @ inverse)
        columns = np.unique(known.held.indices).astype(np.int64)
        if len(columns) > ITEMS_PER_USER * len(known):
            return replace(learned, by_id=inverse)
        return replace(learned, by_id=known.held[:, columns].T @ inverse, columns=columns)

    def _reading(self, places: Rows) -> NDArray[np.float64]:
        """(T, k + 1) by which (Y - ȳ) is what goes to each of ``places``, and to an item on average."""
        assert self.training is not None  # noqa: S101
        n_items = len(self.training.items)
        onward = eye_array(n_items, format="csr") if self.onward is None else self.onward
        mean = np.asarray(onward.sum(1), np.float64) / max(n_items, 1)
        return np.column_stack([onward[:, places].toarray(), mean])

    def _say_by_cause(self, profile: Profile, items: Rows) -> NDArray[np.float64]:
        """(2 + H, N) what each thing known adds to each past user's say."""
        assert self.training is not None and self.traits is not None  # noqa: S101, PT018
        assert self.by_traits is not None, "fit comes first"  # noqa: S101
        held = unit_sparse(item_rows([profile], self.training))
        one_each = (held.data, held.indices, np.arange(len(held.data) + 1))
        alone = csr_array(one_each, shape=(len(held.data), held.shape[1]))
        by_id = by_cause(profile, items, self._features(alone) @ self.by_id)
        by_traits = self._described(self.traits.by_cause(profile, items, self._counting)) @ self.by_traits
        return self.shares["ids"] * by_id + by_traits

    def _features(self, held: csr_array) -> csr_array:
        """What ``by_id`` is read by, of unit rows of items held."""
        assert self.known is not None  # noqa: S101
        return held @ self.known.held.T if self.columns is None else held[:, self.columns]

    def _described(self, parts: Mapping[str, NDArray[Any]]) -> NDArray[Any]:
        """(P, D) the parts that count, so that products of such rows are their share of the kernel."""
        return np.hstack([np.float32(np.sqrt(self.shares[name])) * parts[name] for name in self._counting])

    @property
    def _needed(self) -> tuple[str, ...]:
        """Names of the parts that a fit asks for."""
        return tuple(n for n in PARTS if n in self._counting or (self.searching and n in SHARES))

    @property
    def _counting(self) -> tuple[str, ...]:
        """Names of the parts that count; that of text always, if it be for nothing."""
        shares = self.shares
        return tuple(name for name in PARTS if name == "text" or shares[name] > 0)


def most_users() -> int:
    """How many past users fit into half of the memory that is free now, at most 12,000."""
    free = psutil.virtual_memory().available * MEMORY_SHARE
    return max(1, min(MOST_USERS, int((free / 8) ** 0.5)))
