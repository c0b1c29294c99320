"""Shuffling: the same events in an order that means nothing."""

from typing import Final

import numpy as np

from recsys_core.migration.arrays import Ints
from recsys_core.migration.layout import Layout

_DAY: Final = 86_400


class Shuffler:
    """Deals each user's items anew to that user's own event times.

    What somebody did on one day (UTC) is one sitting and stays together: sittings are put in random order
    and their items dealt to the times in turn. Items of one sitting are alike for reasons that have
    nothing to do with movement; shuffled one by one, every basket would pass for a move and a move back.
    The number of events of every user in every window stays, and so do the times themselves.
    """

    def __init__(self, layout: Layout) -> None:
        """For the events of ``layout``, in their order."""
        day = layout.time // _DAY
        fresh = (np.diff(layout.user, prepend=-1) != 0) | (np.diff(day, prepend=day[:1] - 1) != 0)
        self._starts = np.flatnonzero(fresh)
        self._sizes = np.diff(self._starts, append=len(layout.user))
        self._user = layout.user[self._starts]

    def sittings(self) -> Ints:
        """(U,) number of sittings by user row, up to the last user there is."""
        return np.bincount(self._user).astype(np.int64)

    def order(self, rng: np.random.Generator) -> Ints:
        """(E,) which event's item (and weight) each event gets."""
        drawn = np.argsort(self._user + rng.random(len(self._user)))
        sizes = self._sizes[drawn]
        ends = np.cumsum(sizes)
        within = np.arange(int(sizes.sum())) - np.repeat(ends - sizes, sizes)
        return np.asarray(np.repeat(self._starts[drawn], sizes) + within, np.int64)
