"""What is shown to one person, and why."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Reason:
    """``share``: fraction in [0, 1] of all that speaks for the item, 0 for what speaks against it.
    ``amount``: what it adds to the score, negative where it speaks against; the amounts of an item's reasons
    sum to its score. ``item``: the history item's row number, or None for popularity and typed text;
    ``label``: its title, "popularity" or "your text".
    """

    label: str
    item: int | None
    share: float
    amount: float = 0.0


@dataclass(frozen=True, eq=False)
class Recommendation:
    """``items``: (k,) int64 item row numbers, best first. ``scores``: (k,) float32, descending.
    ``novelty``: (k,) float32 ≥ 0 bits, -log2 of the fraction of the domain's users who took the item
    (Zhou et al. 2010). ``reasons``: per item, largest share first; shares of an item sum to 1 or 0.
    ``note``: a plain sentence where the list is not personal, else "".
    """

    items: NDArray[np.int64]
    scores: NDArray[np.float32]
    novelty: NDArray[np.float32]
    reasons: tuple[tuple[Reason, ...], ...]
    note: str = ""

    def __len__(self) -> int:
        """Number of items, at most the k asked for."""
        return len(self.items)

    def ranked(self) -> Iterator[tuple[int, int, float, tuple[Reason, ...]]]:
        """(rank from 1, item row, score, reasons) of every item, best first."""
        for place, item in enumerate(self.items.tolist()):
            yield place + 1, item, float(self.scores[place]), self.reasons[place]
