"""One person's events, oldest first, by row number."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class History:
    """``items``: (H,) int64 item row numbers; ``times``: (H,) int64 unix seconds, ascending;
    ``weights``: (H,) float32 ≥ 0. H may be 0.
    """

    items: NDArray[np.int64]
    times: NDArray[np.int64]
    weights: NDArray[np.float32]

    def __len__(self) -> int:
        """Number of events."""
        return len(self.items)

    def only(self, keep: NDArray[np.bool_]) -> "History":
        """The events where ``keep`` (H,) is true."""
        return History(self.items[keep], self.times[keep], self.weights[keep])

    def newest(self, count: int) -> "History":
        """The last ``count`` events, or all where there are fewer."""
        return self.only(np.arange(len(self)) >= len(self) - count)

    def without(self, position: int) -> "History":
        """The same history with the event at ``position`` left out."""
        return self.only(np.arange(len(self)) != position)
