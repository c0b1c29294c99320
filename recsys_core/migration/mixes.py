"""Mixes: how a user's attention in one window was divided over the interests."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from recsys_core.catalogue.dataset import PIECE_EVENTS, Dataset
from recsys_core.catalogue.gathering import gathered
from recsys_core.columns import INTEREST
from recsys_core.interests.interests import Interests
from recsys_core.logs.windows import Window, WindowSize, windows_between
from recsys_core.migration.arrays import Flags, Floats, Ints
from recsys_core.migration.layout import Layout, lay_out


@dataclass(frozen=True, eq=False)
class Mixes:
    """``user``: (M,) user rows; ``window``: (M,) positions in the windows, in order of (user, window);
    ``share``: (M, K) ≥ 0, rows sum to 1; ``n_events``: (M,) ≥ 1.
    """

    user: Ints
    window: Ints
    share: Floats
    n_events: Ints

    def select(self, keep: Flags) -> "Mixes":
        """Only the rows where ``keep`` (M,) is true."""
        return Mixes(self.user[keep], self.window[keep], self.share[keep], self.n_events[keep])

    def pieces(self, rows: int) -> Iterator["Mixes"]:
        """Views of about so many ``rows`` of whole users, one after another; at least one."""
        start = 0
        while start < len(self.user) or not start:
            owner = self.user[start : start + rows][-1:]
            end = int(np.searchsorted(self.user, owner, side="right")[0]) if len(owner) else 0
            some = slice(start, end)
            yield Mixes(self.user[some], self.window[some], self.share[some], self.n_events[some])
            if end == len(self.user):
                return
            start = end


def interest_mixes(
    dataset: Dataset,
    windows: Sequence[Window],
    item_interest: Ints,
    n_interests: int,
    domain: int | None = None,
) -> Mixes:
    """The weighted share of each interest for every user and window with at least one event.

    ``item_interest``: (I,) in 0 … K-1. Only events of one ``domain`` (index) where given. Those of a long log
    lie on disk.
    """
    crowd = (lay_out(piece, windows, domain) for piece in dataset.pieces(PIECE_EVENTS))
    parts = (_part(layout, item_interest[layout.item], n_interests) for layout in crowd)
    return Mixes(*gathered(parts, dataset.room))


def _part(layout: Layout, interest: Ints, n_interests: int) -> tuple[Ints, Ints, Floats, Ints]:
    """The columns of ``Mixes`` for some users."""
    share = mix_of(layout.slot, interest, layout.weight, (layout.n_slots, n_interests))
    counts = np.bincount(layout.slot, minlength=layout.n_slots).astype(np.int64)
    return layout.slot_user, layout.slot_window, share, counts


def measured_mixes(
    dataset: Dataset, interests: Interests, level: int, size: WindowSize, domain: str = ""
) -> Mixes:
    """The mixes over the interests of one ``level``, in the order of ``interests.at_level(level)``, in the
    windows from a dataset's first event to its last; only of one ``domain`` (name) where given.

    Raises NotFoundError for a level or domain that does not exist.
    """
    ids = interests.at_level(level)[INTEREST].to_numpy(np.int64)
    windows = windows_between(int(dataset.time.min()), int(dataset.time.max()), size)
    where = dataset.domain_index(domain) if domain else None
    return interest_mixes(dataset, windows, interests.item_interest[level] - ids[0], len(ids), where)


def mix_of(
    slot: Ints,
    interest: Ints,
    weight: Floats,
    shape: tuple[int, int],
) -> Floats:
    """(M, K) shares of the events' ``interest`` per ``slot``, all (E,), ``weight`` > 0; rows sum to 1."""
    summed = np.bincount(slot * shape[1] + interest, weight, shape[0] * shape[1]).reshape(shape)
    return np.asarray(summed / summed.sum(axis=1, keepdims=True))
