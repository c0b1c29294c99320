"""The frozen picture: a sample of points with fixed positions, among which all others are placed."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recsys_core.interests.nearest import nearest
from recsys_core.interests.space import NEIGHBOURS, MapSpace

_SAME = 1e-6


@dataclass(frozen=True, eq=False)
class MapReference:
    """``space``: how vectors become points; ``points``: (F, p) float32 unit rows; ``positions``: (F, 2)
    float32, where they lie.
    """

    space: MapSpace
    points: NDArray[np.float32]
    positions: NDArray[np.float32]

    def place(self, points: NDArray[np.float32]) -> NDArray[np.float32]:
        """(N, p) points of ``space`` → (N, 2) positions.

        A point lies at the mean of its 15 nearest reference points, weighted by how much farther they
        are than the nearest one (the kernel of UMAP's fuzzy set, McInnes et al. 2018, section 3.1). Each
        is placed by itself: the same vector lands on the same spot whatever else is placed, and a point
        of the reference on its own position.
        """
        rows, similarity = nearest(points, self.points, min(NEIGHBOURS, len(self.points)))
        beyond = similarity[:, :1] - similarity
        scale = np.maximum(beyond.mean(axis=1, keepdims=True), _SAME)
        found = similarity[:, :1] > 1 - _SAME
        weight = np.where(found, beyond == 0, np.exp(-2 * beyond / scale))
        weight = weight / weight.sum(axis=1, keepdims=True)
        return np.asarray(np.einsum("nk,nkd->nd", weight, self.positions[rows]), np.float32)

    def arrays(self) -> dict[str, NDArray[np.float32]]:
        """What is saved."""
        return {**self.space.arrays(), "reference_points": self.points, "reference_positions": self.positions}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.generic]]) -> "MapReference":
        """The inverse of ``arrays``."""
        points, positions = (
            np.asarray(arrays[f"reference_{name}"], np.float32) for name in ("points", "positions")
        )
        return cls(MapSpace.from_arrays(arrays), points, positions)
