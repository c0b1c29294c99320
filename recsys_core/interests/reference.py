"""The frozen picture: a sample of points with fixed positions, among which all others are placed."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recsys_core.interests.nearest import nearest, unit

_BANDWIDTH = 15


@dataclass(frozen=True, eq=False)
class MapReference:
    """``item_mean``, ``user_mean``: (dim,) what is taken off before comparing; ``axes``: (dim, p)
    orthonormal; ``vectors``: (F, p) unit rows; ``positions``: (F, 2). All float32.

    Items and interest states are centred on their own means, since a state is a question and an
    item an answer: their averages differ although their directions speak of the same tastes.
    """

    item_mean: NDArray[np.float32]
    user_mean: NDArray[np.float32]
    axes: NDArray[np.float32]
    vectors: NDArray[np.float32]
    positions: NDArray[np.float32]

    def item_points(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """(N, dim) item vectors → (N, p) unit rows that compare by dot product."""
        return directions(vectors, self.item_mean, self.axes)

    def user_points(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """(N, dim) user-interest vectors → (N, p) unit rows that compare by dot product."""
        return directions(vectors, self.user_mean, self.axes)

    def place(self, points: NDArray[np.float32]) -> NDArray[np.float32]:
        """(N, p) rows of ``item_points`` or ``user_points`` → (N, 2) positions.

        A point lies at the mean of its 15 nearest reference points, weighted by how near they are
        (the kernel of UMAP's fuzzy set, McInnes et al. 2018, equation 1). Each point is placed by
        itself, so the same vector always lands on the same spot, whatever is placed with it; a
        vector of the reference itself lands on its own position.
        """
        rows, similarity = nearest(points, self.vectors, min(_BANDWIDTH, len(self.vectors)))
        distance = np.maximum(1.0 - similarity, 0.0)
        beyond = distance - distance[:, :1]
        scale = np.maximum(beyond.mean(axis=1, keepdims=True), 1e-6) / 2
        weight = np.exp(-beyond / scale)
        weight = np.where(distance[:, :1] < 1e-6, beyond == beyond.min(axis=1, keepdims=True), weight)
        weight /= weight.sum(axis=1, keepdims=True)
        placed: NDArray[np.float32] = np.einsum("nk,nkd->nd", weight, self.positions[rows])
        return placed.astype(np.float32)

    def arrays(self) -> dict[str, NDArray[np.float32]]:
        """What is saved."""
        return {f"reference_{name}": getattr(self, name) for name in _NAMES}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.generic]]) -> "MapReference":
        """The inverse of ``arrays``."""
        return cls(**{name: np.asarray(arrays[f"reference_{name}"], np.float32) for name in _NAMES})


_NAMES = ("item_mean", "user_mean", "axes", "vectors", "positions")


def directions(
    vectors: NDArray[np.float32], mean: NDArray[np.float32], axes: NDArray[np.float32]
) -> NDArray[np.float32]:
    """(N, dim) → (N, p): unit length, ``mean`` (dim,) taken off, onto ``axes`` (dim, p), unit length.

    A zero vector gives a zero row only where ``mean`` is zero: leave such rows out before.
    """
    centred: NDArray[np.float32] = (unit(vectors) - mean).astype(np.float32) @ axes
    return unit(centred)
