"""What a person is like beside which items they hold: what those read like, whom they go with, what an
interest model makes of them, when and how many they were.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recsys_core.recommend.contributions import parts_left_out
from recsys_core.recommend.emphasis import by_layers
from recsys_core.recommend.expansion import expand
from recsys_core.recommend.features import (
    by_cause,
    item_rows,
    text_by_cause,
    text_rows,
    unit_rows,
    unit_sparse,
)
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommender import Training

Floats = NDArray[np.float32]
Numbers = NDArray[np.float64]
Rows = NDArray[np.int64]
PERIODS = 24
PARTS: Final = ("text", "tastes", "interests", "states", "times", "amount")
DOUBLINGS = 10  # of the amount that are told apart: 1 to 512 items


@dataclass(frozen=True, eq=False)
class Traits:
    """Six parts of a description, each (P, …) rows of length 1, or 0 where nothing is known.

    ``text``: the mean of the texts. ``tastes``: the items' sum in ``factors`` (I, d). ``interests``: their
    sum in the item vectors of the interest model, ``states``: what that model takes the history to ask of the
    target, where there is one. ``times``: the share of the events in each of 24 equal periods of the log.
    ``amount``: how many different items, on a log scale, as the two nearest of ten marks.
    """

    training: Training
    factors: Floats

    def text(self, profiles: Sequence[Profile]) -> Floats:
        """(P, dim)."""
        return text_rows(profiles, self.training)

    def tastes(self, profiles: Sequence[Profile]) -> Floats:
        """(P, d)."""
        return unit_rows(item_rows(profiles, self.training) @ self.factors)

    def interests(self, profiles: Sequence[Profile]) -> Floats:
        """(P, D); D is 0 without a model."""
        return unit_rows(item_rows(profiles, self.training) @ self._learned)

    def states(self, profiles: Sequence[Profile]) -> Floats:
        """(P, D); D is 0 without a model."""
        model, target = self.training.model, self.training.target
        if model is None:
            return np.zeros((len(profiles), 0), np.float32)
        told = expand(profiles, self.training.text_vectors, self.training.now)
        asked = unit_rows(by_layers(told, lambda histories: model.states(histories, target)))
        return asked * np.array([[len(profile.history) > 0] for profile in told], np.float32)

    def times(self, profiles: Sequence[Profile]) -> Floats:
        """(P, 24)."""
        told = expand(profiles, self.training.text_vectors, self.training.now)
        rows = [self._periods(profile).sum(0) for profile in told]
        return unit_rows(np.array(rows, np.float32).reshape(-1, PERIODS))

    def amount(self, profiles: Sequence[Profile]) -> Floats:
        """(P, 11)."""
        many = np.asarray(item_rows(profiles, self.training).sum(1), np.float64)
        mark = np.clip(np.log2(np.maximum(many, 1)), 0, DOUBLINGS - 1)
        marks = np.maximum(0, 1 - np.abs(mark[:, None] - np.arange(DOUBLINGS + 1)))
        return unit_rows((marks * (many > 0)[:, None]).astype(np.float32))

    def parts(self, profiles: Sequence[Profile], names: Sequence[str] = PARTS) -> dict[str, Floats]:
        """Those of ``names``, by name."""
        return {name: getattr(self, name)(profiles) for name in names}

    def by_cause(self, profile: Profile, items: Rows, names: Sequence[str] = PARTS) -> dict[str, Numbers]:
        """Of each of ``names`` the rows (2 + H, …) that sum to it, as in ``features.by_cause``. How many
        items there are is owed to each of them alike; the state of the interest model by leave-one-out.
        """
        return {name: getattr(self, f"_{name}_by_cause")(profile, items) for name in names}

    def _text_by_cause(self, profile: Profile, items: Rows) -> Numbers:
        return text_by_cause(profile, items, self.training).astype(np.float64)

    def _tastes_by_cause(self, profile: Profile, items: Rows) -> Numbers:
        return self._sum_by_cause(profile, items, self.factors)

    def _interests_by_cause(self, profile: Profile, items: Rows) -> Numbers:
        return self._sum_by_cause(profile, items, self._learned)

    def _states_by_cause(self, profile: Profile, items: Rows) -> Numbers:
        return parts_left_out(self.states, profile, items)[0]

    def _times_by_cause(self, profile: Profile, items: Rows) -> Numbers:
        (told,) = expand([profile], self.training.text_vectors, self.training.now)
        counted = np.unique(told.history.items)
        of_item = np.zeros((len(counted), PERIODS))
        np.add.at(of_item, np.searchsorted(counted, told.history.items), self._periods(told))
        return by_cause(profile, items, _as_unit(of_item))

    def _amount_by_cause(self, profile: Profile, items: Rows) -> Numbers:
        (told,) = expand([profile], self.training.text_vectors, self.training.now)
        n_counted = len(np.unique(told.history.items))
        amount = np.repeat(self.amount([profile]) / max(n_counted, 1), n_counted, axis=0)
        return by_cause(profile, items, amount.astype(np.float64))

    def _sum_by_cause(self, profile: Profile, items: Rows, vectors: Floats) -> Numbers:
        held = unit_sparse(item_rows([profile], self.training))
        return by_cause(profile, items, _as_unit(held.data[:, None] * vectors[held.indices]))

    def _periods(self, profile: Profile) -> Floats:
        """(H, 24) in which period each event was, as much as it counts."""
        begin, span = self._span
        at = np.clip((profile.history.times - begin) * PERIODS // span, 0, PERIODS - 1)
        periods = np.zeros((len(at), PERIODS), np.float32)
        periods[np.arange(len(at)), at] = profile.counts
        return periods

    @cached_property
    def _learned(self) -> Floats:
        """(I, D) the interest model's item vectors."""
        model = self.training.model
        return (
            np.zeros((self.training.dataset.n_items, 0), np.float32) if model is None else model.item_vectors
        )

    @cached_property
    def _span(self) -> tuple[int, int]:
        """Unix second of the log's first event, and how many seconds it covers."""
        times = self.training.dataset.time
        return (int(times.min()), int(np.ptp(times)) + 1) if len(times) else (0, 1)


def _as_unit(parts: Numbers) -> Numbers:
    """Parts by the length of their sum."""
    norm = np.linalg.norm(parts.sum(0))
    return parts.astype(np.float64) / norm if norm > 0 else parts.astype(np.float64)
