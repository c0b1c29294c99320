"""Where titles and people lie in the full space, to find who is nearest to whom."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recsys_core.columns import ITEM, USER
from recsys_core.interests.nearest import top
from recsys_core.interests.profiles import UserWindows
from recsys_core.interests.projection import InterestMap
from recsys_core.parts import Parts

_BLOCK = 100_000


@dataclass(frozen=True, eq=False)
class Points:
    """``rows``: (N,) row numbers of items or users, ascending. ``points``: (N, p) float16 unit rows of the
    map's space.
    """

    rows: NDArray[np.int64]
    points: NDArray[np.float16]

    def of(self, row: int) -> NDArray[np.float16] | None:
        """(p,) the point of a row number, None where it has none."""
        at = int(np.searchsorted(self.rows, row))
        return self.points[at] if at < len(self.rows) and self.rows[at] == row else None

    def nearest(
        self, point: NDArray[np.float16], k: int, without: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The ``k`` nearest rows and their cosine with ``point`` (p,), nearest first; none of ``without``."""
        query = point.astype(np.float32)
        starts = range(0, len(self.points), _BLOCK)
        cosine = np.concatenate([self.points[at : at + _BLOCK].astype(np.float32) @ query for at in starts])
        kept = np.arange(len(cosine)) if without is None else np.flatnonzero(~np.isin(self.rows, without))
        places, values = top(cosine[None, kept], min(k, len(kept)))
        return self.rows[kept[places[0]]], values[0]


@dataclass(frozen=True, eq=False)
class MapPoints:
    """The full space behind a map: ``items``, and ``users`` where they were last."""

    items: Points
    users: Points

    def parts(self) -> Parts:
        """What is saved."""
        frames = {
            "titles": pd.DataFrame({ITEM: self.items.rows}),
            "people": pd.DataFrame({USER: self.users.rows}),
        }
        return Parts({}, frames, {"item_points": self.items.points, "user_points": self.users.points})

    @classmethod
    def from_parts(cls, parts: Parts) -> "MapPoints":
        """The inverse of ``parts``."""
        item, user = (np.asarray(parts.arrays[f"{of}_points"], np.float16) for of in ("item", "user"))
        titles, people = parts.frames["titles"], parts.frames["people"]
        return cls(Points(titles[ITEM].to_numpy(), item), Points(people[USER].to_numpy(), user))


def map_points(item_vectors: NDArray[np.float32], user_windows: UserWindows, drawn: InterestMap) -> MapPoints:
    """The points of all items with ``item_vectors`` (I, dim) and of everybody's last window, as ``drawn`` has
    them; half precision, which keeps cosines to about a thousandth.
    """
    space = drawn.reference.space
    items = np.flatnonzero(np.any(item_vectors != 0, axis=1))
    latest = user_windows.latest()
    latest = latest[np.any(user_windows.vector[latest] != 0, axis=1)]
    return MapPoints(
        Points(items, space.item_points(item_vectors[items]).astype(np.float16)),
        Points(user_windows.user[latest], space.user_points(user_windows.vector[latest]).astype(np.float16)),
    )
