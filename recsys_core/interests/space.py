"""The space in which items and users' interest states are compared."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recsys_core.interests.directions import directions, principal_axes, unit
from recsys_core.interests.nearest import nearest

NEIGHBOURS = 15
_AXES = 64
_ASKED_USERS = 2_000
_AXES_FROM = 50_000


@dataclass(frozen=True, eq=False)
class MapSpace:
    """``item_mean``, ``user_mean``: (dim,) what is taken off first; ``axes``: (dim, p) orthonormal,
    p ≤ 64. All float32. Points of the space are unit rows; nearness is their dot product.
    """

    item_mean: NDArray[np.float32]
    user_mean: NDArray[np.float32]
    axes: NDArray[np.float32]

    def item_points(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """(N, dim) item vectors → (N, p)."""
        return directions(vectors, self.item_mean, self.axes)

    def user_points(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """(N, dim) user-interest vectors → (N, p)."""
        return directions(vectors, self.user_mean, self.axes)

    def arrays(self) -> dict[str, NDArray[np.float32]]:
        """What is saved."""
        return {"item_mean": self.item_mean, "user_mean": self.user_mean, "axes": self.axes}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.generic]]) -> "MapSpace":
        """The inverse of ``arrays``."""
        return cls(*(np.asarray(arrays[name], np.float32) for name in ("item_mean", "user_mean", "axes")))


def shared_space(
    items: NDArray[np.float32],
    item_interest: NDArray[np.int64],
    users: NDArray[np.float32],
    user_interest: NDArray[np.int64],
    rng: np.random.Generator,
) -> tuple[MapSpace, float]:
    """The space that puts users (N, dim) nearest to what they like, and the share near it.

    An interest state is a question and an item an answer, so their averages may differ although their
    directions speak of the same tastes. Tried: users centred on their own mean, and on that of the items
    (I, dim). Kept: the one where more users are near what they like, see ``share_near_likes``.
    """
    item_mean = unit(items).mean(axis=0)
    every = max(1, len(items) // _AXES_FROM)
    axes = principal_axes(unit(items[::every]), _AXES)
    if not len(users):
        return MapSpace(item_mean, item_mean, axes), 0.0
    asked = np.sort(rng.permutation(len(users))[:_ASKED_USERS])
    item_points = directions(items, item_mean, axes)
    tried: list[tuple[float, MapSpace]] = []
    for user_mean in (unit(users).mean(axis=0), item_mean):
        space = MapSpace(item_mean, user_mean, axes)
        points = space.user_points(users[asked])
        tried.append((share_near_likes(item_points, item_interest, points, user_interest[asked]), space))
    share, space = max(tried, key=lambda pair: pair[0])
    return space, share


def share_near_likes(
    items: NDArray[np.float32],
    item_interest: NDArray[np.int64],
    users: NDArray[np.float32],
    user_interest: NDArray[np.int64],
) -> float:
    """Share in [0, 1] of user points (N, p) whose own main interest (N,) is the commonest one among
    their 15 nearest item points (I, p).
    """
    rows, _ = nearest(users, items, min(NEIGHBOURS, len(items)))
    around = item_interest[rows]  # (N, 15)
    counts = np.zeros((len(users), int(item_interest.max()) + 1), np.int64)
    np.add.at(counts, (np.arange(len(users))[:, None], around), 1)
    return float(np.mean(counts.argmax(axis=1) == user_interest))
