"""Which events count, and how much: what people decide about a log, apart from what is wrong with it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from recsys_core.columns import EVENT, WEIGHT
from recsys_core.errors import InputError
from recsys_core.logs.parsing import Repeats


@dataclass(frozen=True)
class EventRules:
    """``events``: event → factor of its weights, ≥ 0, where 0 leaves the event out. ``min_weight``: events
    with a smaller weight or rating, as the log has it, are left out. ``equal_weights``: what is left counts
    1 each, before factors. ``repeats``: which rows are taken for repeats. ``core``: k-core, users and items
    with fewer events are left out until all that are left have as many. ``min_history``: least events of a
    user.
    """

    events: Mapping[str, float] = field(default_factory=dict)
    min_weight: float | None = None
    equal_weights: bool = False
    repeats: Repeats = Repeats.LINES
    core: int = 1
    min_history: int = 1

    def __post_init__(self) -> None:
        """Raises InputError for a negative factor or a number of events below 1."""
        for event, factor in self.events.items():
            if not (np.isfinite(factor) and factor >= 0):
                raise InputError(
                    f"The event {event!r} was given the weight {factor}.", "Give it a number of 0 or more."
                )
        if self.min_weight is not None and not np.isfinite(self.min_weight):
            raise InputError(f"The least weight {self.min_weight} is no number.", "Give a number.")
        for what, least in (("k-core", self.core), ("least history", self.min_history)):
            if least < 1:
                raise InputError(f"The {what} is {least}.", "Give a whole number of 1 or more.")

    @property
    def filters(self) -> bool:
        """Whether users or items are to be left out for having few events."""
        return self.core > 1 or self.min_history > 1

    def as_dict(self) -> dict[str, Any]:
        """As plain JSON; ``from_dict`` gives the same back."""
        return asdict(self) | {"events": dict(self.events), "repeats": str(self.repeats)}

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> "EventRules":
        """From ``as_dict``. Raises InputError."""
        known = {**document}
        if "repeats" in known:
            known["repeats"] = parse_repeats(str(known["repeats"]))
        return cls(**known)

    def weigh(self, rows: pa.Table) -> tuple[NDArray[np.bool_], NDArray[np.float32]]:
        """(N,) which rows count, and (N,) float32 the weights to store; events are a dictionary column."""
        weight = rows[WEIGHT].to_numpy(zero_copy_only=False)
        kept = np.ones(len(weight), dtype=np.bool_)
        if self.min_weight is not None:
            kept &= weight >= self.min_weight
        if self.equal_weights:
            weight = np.ones(len(weight), dtype=np.float32)
        if self.events:
            factor = self._factors(rows)
            kept, weight = kept & (factor > 0), (weight * factor).astype(np.float32)
        return kept, weight

    def _factors(self, rows: pa.Table) -> NDArray[np.float64]:
        coded = rows[EVENT].combine_chunks()
        factors = np.array([self.events.get(event, 1.0) for event in coded.dictionary.to_pylist()])
        return factors[coded.indices.to_numpy()] if len(factors) else np.empty(0)


def parse_repeats(text: str) -> Repeats:
    """The policy by its name. Raises InputError naming those there are."""
    try:
        return Repeats(text.strip().lower())
    except ValueError as error:
        raise InputError(
            f"{text!r} is no way to take repeats.", f"Take one of: {', '.join(Repeats)}."
        ) from error
