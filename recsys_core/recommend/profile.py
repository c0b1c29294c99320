"""Who a recommendation is for: a history, a few picks, typed interests, or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from recsys_core.catalogue.history import History

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Profile:
    """``history``: what this person took, oldest first, any domains; may be empty. ``text``: what
    they typed, "" for nothing; ``text_vector``: (dim,) float32 its L2-normalised vector, or None.
    ``emphasis``: (H,) float32 > 0, how much each event counts beside the others; None where all count 1.
    """

    history: History
    text: str = ""
    text_vector: Floats | None = None
    emphasis: Floats | None = None

    @classmethod
    def from_history(cls, history: History) -> "Profile":
        """A user known from the log."""
        return cls(history)

    @classmethod
    def from_picks(cls, items: Sequence[int], time: int = 0) -> "Profile":
        """A visitor who picked item rows ``items``, all at unix second ``time``."""
        rows = np.asarray(items, np.int64)
        return cls(History(rows, np.full(len(rows), time, np.int64), np.ones(len(rows), np.float32)))

    @classmethod
    def from_text(cls, text: str, vector: Floats) -> "Profile":
        """A visitor who typed ``text``, which the encoder read as ``vector`` (dim,)."""
        return cls(_no_events(), text, vector)

    @classmethod
    def nothing(cls) -> "Profile":
        """A visitor of whom nothing is known."""
        return cls(_no_events())

    @property
    def has_text(self) -> bool:
        """Whether a typed text is there to work with: a vector that isn't all zero."""
        return self.text_vector is not None and bool(np.any(self.text_vector))

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known of this person."""
        return len(self.history) == 0 and not self.has_text

    def without_item(self, item: int) -> "Profile":
        """The same person had they never taken item row ``item``."""
        return self._only(self.history.items != item)

    def weighed(self, factors: Floats) -> "Profile":
        """The same person with each event counting ``factors`` (H,) ≥ 0 times what it did; what counts
        nothing leaves the history.
        """
        emphasis = self.counts * factors.astype(np.float32)
        return replace(self, emphasis=emphasis)._only(emphasis > 0)

    @property
    def counts(self) -> Floats:
        """(H,) how much each event of the history counts."""
        return np.ones(len(self.history), np.float32) if self.emphasis is None else self.emphasis

    def distinct(self) -> tuple[NDArray[np.int64], Floats]:
        """Rows of the items held, ascending, each once; and how much each counts: as the most of its
        events.
        """
        items, place = np.unique(self.history.items, return_inverse=True)
        counts = np.ones(len(items), np.float32)
        if self.emphasis is not None:
            counts[:] = 0
            np.maximum.at(counts, place, self.emphasis)
        return items, counts

    def without_text(self) -> "Profile":
        """The same person had they typed nothing."""
        return replace(self, text="", text_vector=None)

    def _only(self, keep: NDArray[np.bool_]) -> "Profile":
        emphasis = None if self.emphasis is None else self.emphasis[keep]
        return replace(self, history=self.history.only(keep), emphasis=emphasis)


def _no_events() -> History:
    return History(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.float32))
