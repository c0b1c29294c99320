"""Events laid out by user and window: what every shuffle leaves as it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recsys_core.catalogue.dataset import Dataset
from recsys_core.logs.windows import Window, window_index
from recsys_core.migration.arrays import Flags, Floats, Ints

_FAINT: Final = 1e-6
"""Weight of an event of weight 0, as a fraction of its user's mean: it counts where nothing else does."""


@dataclass(frozen=True, eq=False)
class Layout:
    """``user``: (E,) user row of each event, ascending; ``slot``: (E,) number of the event's user-window,
    ascending; ``time``: (E,) unix seconds; ``item``: (E,) item row; ``weight``: (E,) > 0.
    ``slot_user``, ``slot_window``: (M,) user row and window position of each user-window, in order of
    (user, window).
    """

    user: Ints
    slot: Ints
    time: Ints
    item: Ints
    weight: Floats
    slot_user: Ints
    slot_window: Ints

    @property
    def n_slots(self) -> int:
        """M."""
        return len(self.slot_user)

    @property
    def n_events(self) -> int:
        """E."""
        return len(self.user)

    @property
    def held(self) -> bool:
        """All of it lies in memory; see ``crowd.Crowd``."""
        return True

    @property
    def blocks(self) -> tuple["Layout"]:
        """All in one."""
        return (self,)

    def narrowed(self, by: Callable[["Layout"], "Layout"]) -> "Layout":
        """Only the events that ``by`` leaves."""
        return by(self)

    def of_users(self, users: Ints) -> "Layout":
        """Only the users with these row numbers."""
        return self.select_slots(np.isin(self.slot_user, users))

    def pairs(self, compared: Ints) -> tuple[Ints, Ints]:
        """(P,) slots whose user was active in the window that theirs is compared with too, and (P,) the slots
        of that; ``compared``: (W,) window that each is compared with, -1: none.
        """
        key = self.slot_user * len(compared) + self.slot_window  # ascending
        wanted = self.slot_user * len(compared) + compared[self.slot_window]
        at = np.minimum(np.searchsorted(key, wanted), max(self.n_slots - 1, 0))
        before = np.flatnonzero((compared[self.slot_window] >= 0) & (key[at] == wanted))
        return before, at[before]

    def chunks(self, events: int, done: int = 0) -> list["Layout"]:
        """The same layout in pieces of whole users, each of about so many ``events``: what is cut off first
        depends on how many are ``done`` before it, so that one after another is cut as all of them are.
        """
        if not len(self.user):
            return []
        ends = np.flatnonzero(np.diff(self.user, append=-1)) + 1  # after the last event of each user
        wanted = np.arange(events - done % events, len(self.user) + events, events)
        cuts = np.unique(ends[np.minimum(np.searchsorted(ends, wanted), len(ends) - 1)])
        starts = np.concatenate([[0], cuts[:-1]])
        return [self._piece(int(a), int(b)) for a, b in zip(starts, cuts, strict=True)]

    def select_users(self, keep: Flags) -> "Layout":
        """Only the users whose row in ``keep`` (U,) is true."""
        return self.select_slots(keep[self.slot_user])

    def select_slots(self, keep: Flags) -> "Layout":
        """Only the user-windows where ``keep`` (M,) is true."""
        events, number = keep[self.slot], np.cumsum(keep) - 1
        return Layout(
            user=self.user[events],
            slot=number[self.slot[events]],
            time=self.time[events],
            item=self.item[events],
            weight=self.weight[events],
            slot_user=self.slot_user[keep],
            slot_window=self.slot_window[keep],
        )

    def _piece(self, start: int, end: int) -> "Layout":
        first, last = self.slot[start], self.slot[end - 1] + 1
        return Layout(
            user=self.user[start:end],
            slot=self.slot[start:end] - first,
            time=self.time[start:end],
            item=self.item[start:end],
            weight=self.weight[start:end],
            slot_user=self.slot_user[first:last],
            slot_window=self.slot_window[first:last],
        )


def lay_out(dataset: Dataset, windows: Sequence[Window], domain: int | None = None) -> Layout:
    """The events of a dataset that lie in ``windows``; only those of one ``domain`` where given."""
    window = window_index(dataset.time, windows)
    keep = window >= 0 if domain is None else (window >= 0) & (dataset.event_domain == domain)
    user, window = dataset.user[keep], window[keep]
    fresh = (np.diff(user, prepend=-1) != 0) | (np.diff(window, prepend=-1) != 0)
    return Layout(
        user=user,
        slot=np.cumsum(fresh) - 1,
        time=dataset.time[keep],
        item=dataset.item[keep],
        weight=_positive(dataset.weight[keep], user),
        slot_user=user[fresh],
        slot_window=window[fresh],
    )


def joined(first: Layout, then: Layout) -> Layout:
    """Both; the users of ``then`` come after those of ``first``."""
    pairs = {name: (getattr(first, name), getattr(then, name)) for name in Layout.__dataclass_fields__}
    pairs["slot"] = first.slot, then.slot + first.n_slots
    return Layout(**{name: np.concatenate(pair) for name, pair in pairs.items()})


def _positive(weight: NDArray[np.float32], user: Ints) -> Floats:
    """By each user's own mean, so that nobody's mix depends on anybody else (see ``release.sums``)."""
    weights, own = weight.astype(np.float64), user - user[:1]
    mean = np.bincount(own, weights) / np.maximum(np.bincount(own), 1)
    least: Floats = np.where(mean > 0, _FAINT * mean, 1.0)
    return np.asarray(np.maximum(weights, least[own]))
