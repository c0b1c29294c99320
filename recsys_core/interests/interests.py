"""Interests: what the items are about, at several levels that nest."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recsys_core.columns import INTEREST, LEVEL, NAME
from recsys_core.errors import NotFoundError
from recsys_core.interests.stability import Stability
from recsys_core.parts import Parts

UNCLEAR: Final = "Unclear"


@dataclass(frozen=True, eq=False)
class Interests:
    """Named groups of items, coarse to fine; every finer interest lies inside one coarser interest.

    ``levels``: how many named interests each level has, ascending, e.g. (8, 25, 80).
    ``table``: one row per interest, row number = interest id, coarse levels first and within a level
    the one with the most items first; columns ``interest`` (int64), ``level`` (0 = coarsest),
    ``parent`` (interest id one level up, -1 at level 0), ``name`` (distinct within its level),
    ``terms`` ("a, b, c"), ``n_items``, ``n_events``.
    ``item_interest``: (L, I) int64 interest id of every item at every level.
    ``centroids``: (rows of table, dim) float32, unit length, in the space of the item vectors.

    ``stability``: how far they come out again on resampled items; None where that was not measured.

    Items without a vector, and those that fit no interest, belong to one interest per level named "Unclear",
    which is last in its level, is not counted in ``levels``, has a zero centroid, and exists only where it is
    needed.
    """

    levels: tuple[int, ...]
    table: pd.DataFrame
    item_interest: NDArray[np.int64]
    centroids: NDArray[np.float32]
    stability: Stability | None = None

    @property
    def n_levels(self) -> int:
        """L."""
        return len(self.levels)

    def at_level(self, level: int) -> pd.DataFrame:
        """The rows of ``table`` at one level (0 = coarsest), "Unclear" last; raises NotFoundError."""
        self._check(level)
        return self.table[self.table[LEVEL] == level]

    def name(self, interest: int) -> str:
        """The name of an interest id."""
        return str(self.table[NAME].iloc[interest])

    def unclear(self, level: int) -> int | None:
        """The id of the interest "Unclear" at one level, None where every item has a vector."""
        self._check(level)
        last = self.at_level(level).iloc[-1]
        return None if len(self.at_level(level)) == self.levels[level] else int(last[INTEREST])

    def renamed(self, names: Sequence[str]) -> "Interests":
        """The same interests under other ``names``, one per row of ``table``."""
        return replace(self, table=self.table.assign(name=list(names)))

    def parts(self) -> Parts:
        """What is saved."""
        document: dict[str, Any] = {"levels": list(self.levels)}
        arrays: dict[str, NDArray[np.generic]] = {}
        arrays |= {"item_interest": self.item_interest, "centroids": self.centroids}
        if self.stability is None:
            return Parts(document, {"interests": self.table}, arrays)
        stability = self.stability.parts()
        document["stability"] = dict(stability.document)
        return Parts(document, {"interests": self.table}, {**arrays, **stability.arrays})

    @classmethod
    def from_parts(cls, parts: Parts) -> "Interests":
        """The inverse of ``parts``; what earlier versions saved has no stability."""
        measured = parts.document.get("stability")
        return cls(
            tuple(int(k) for k in parts.document["levels"]),
            parts.frames["interests"],
            np.asarray(parts.arrays["item_interest"], np.int64),
            np.asarray(parts.arrays["centroids"], np.float32),
            Stability.from_parts(Parts(measured, arrays=parts.arrays)) if measured else None,
        )

    def _check(self, level: int) -> None:
        if not 0 <= level < self.n_levels:
            raise NotFoundError(
                f"There is no level {level} of interests.",
                f"There are {self.n_levels}, from 0 (coarsest) to {self.n_levels - 1}.",
            )
