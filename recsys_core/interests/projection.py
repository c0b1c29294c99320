"""The map: where items and people lie in a plane that stands still."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recsys_core.interests.reference import MapReference
from recsys_core.parts import Parts


@dataclass(frozen=True, eq=False)
class InterestMap:
    """Positions in map units (no meaning beyond nearness; both axes the same scale).

    ``items``: columns ``item`` (row number), ``x``, ``y``; items without a vector are left out.
    ``users``: one row per user and window with events: ``user`` (row number), ``window`` (id),
    ``x``, ``y``, ``n_events`` (in that window), ``interest`` (the user's main one in that window at
    level 0); sorted by user, then time.
    ``user_interest``: (L, rows of users) int64, the main interest at every level.
    ``reference``: the frozen picture; what is placed later never moves what is there.
    ``trustworthiness``: in [0, 1]; 1 = all who are neighbours on the map are near in full space
    (Venna & Kaski 2001). ``neighbours_kept``: in [0, 1], the share of a point's 15 nearest in full
    space who are among its 15 nearest on the map. ``users_near_likes``: in [0, 1], the share of
    users most of whose 15 nearest items in full space belong to the user's own main interest.
    ``n_fitted_items``, ``n_fitted_users``: the sample the picture was fitted on.
    """

    items: pd.DataFrame
    users: pd.DataFrame
    user_interest: NDArray[np.int64]
    reference: MapReference
    trustworthiness: float
    neighbours_kept: float
    users_near_likes: float
    n_fitted_items: int
    n_fitted_users: int

    def parts(self) -> Parts:
        """What is saved."""
        names = ("trustworthiness", "neighbours_kept", "users_near_likes", "n_fitted_items", "n_fitted_users")
        return Parts(
            {name: getattr(self, name) for name in names},
            {"items": self.items, "users": self.users},
            {"user_interest": self.user_interest, **self.reference.arrays()},
        )

    @classmethod
    def from_parts(cls, parts: Parts) -> "InterestMap":
        """The inverse of ``parts``."""
        return cls(
            parts.frames["items"],
            parts.frames["users"],
            np.asarray(parts.arrays["user_interest"], np.int64),
            MapReference.from_arrays(parts.arrays),
            **parts.document,
        )
