"""Crowds: the events of users by user and window, however many there are, laid out a few users at a time."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from recsys_core.catalogue.dataset import PIECE_EVENTS, Dataset
from recsys_core.logs.windows import Window
from recsys_core.migration.arrays import Ints
from recsys_core.migration.layout import Layout, joined, lay_out

Narrow = Callable[[Layout], Layout]
"""Which of some users' events count; what it says of a user depends on nobody else. Picklable."""


class Crowd(Protocol):
    """Events of users by user and window: a ``Layout`` where all of it is held, else a ``LongCrowd``."""

    @property
    def n_events(self) -> int:
        """At most so many events there are."""

    @property
    def held(self) -> bool:
        """Whether blocks cost nothing, as they are there."""

    @property
    def blocks(self) -> Iterable[Layout]:
        """Everything, some whole users after another; at least one block."""

    def narrowed(self, by: Narrow) -> "Crowd":
        """Only the events that ``by`` leaves."""

    def of_users(self, users: Ints) -> Layout:
        """Only those of ``users``, row numbers, ascending."""


@dataclass(frozen=True, eq=False)
class LongCrowd:
    """The events of ``dataset`` that lie in ``windows`` (of one ``domain`` only, unless None) and are left by
    each of ``narrowing``. No more than about ``events`` of them are laid out at any time, however often they
    are gone through.
    """

    dataset: Dataset
    windows: Sequence[Window]
    domain: int | None
    events: int
    narrowing: tuple[Narrow, ...] = ()
    held: bool = False

    @property
    def n_events(self) -> int:
        """Those of the dataset: how many are left is not counted beforehand."""
        return self.dataset.n_events

    @property
    def blocks(self) -> Iterator[Layout]:
        """Laid out anew each time."""
        return (self._laid_out(piece) for piece in self.dataset.pieces(self.events))

    def narrowed(self, by: Narrow) -> "LongCrowd":
        """Only the events that ``by`` leaves, too."""
        return replace(self, narrowing=(*self.narrowing, by))

    def of_users(self, users: Ints) -> Layout:
        """Only those of ``users``, row numbers, ascending."""
        return self._laid_out(self.dataset.of_users(users))

    def _laid_out(self, piece: Dataset) -> Layout:
        layout = lay_out(piece, self.windows, self.domain)
        for narrow in self.narrowing:
            layout = narrow(layout)
        return layout


def crowd_of(dataset: Dataset, windows: Sequence[Window], domain: int | None = None) -> Crowd:
    """The events of a dataset that lie in ``windows``; only those of one ``domain`` where given. Up to
    ``PIECE_EVENTS`` are held, more are laid out so many at a time.
    """
    if dataset.n_events <= PIECE_EVENTS:
        return lay_out(dataset, windows, domain)
    lean = replace(dataset, items=dataset.items[[]])  # as it may be sent to other machines
    return LongCrowd(lean, windows, domain, PIECE_EVENTS)


def chunks(crowd: Crowd, events: int) -> Iterator[Layout]:
    """A crowd in pieces of whole users, each of about so many ``events``: the same whatever its blocks are,
    so that neither what is drawn for a piece nor the order of sums depends on them.
    """
    rest, done = None, 0
    for block in crowd.blocks:
        *whole, rest = (block if rest is None else joined(rest, block)).chunks(events, done) or [block]
        for piece in whole:
            yield piece
            done += len(piece.user)
    if rest is not None and len(rest.user):
        yield rest


def returning(layout: Layout) -> Layout:
    """Users seen in two windows or more: of the others no shuffle changes anything."""
    again, more = np.diff(layout.slot_user) == 0, np.zeros(layout.n_slots, np.bool_)
    more[1:] |= again
    more[:-1] |= again
    return layout.select_slots(more)


def users_by_window(crowd: Crowd, n_windows: int) -> list[Ints]:
    """Row numbers, ascending, of the users of each window."""
    parts = [[block.slot_user[block.slot_window == at] for at in range(n_windows)] for block in crowd.blocks]
    return [np.concatenate(window) for window in zip(*parts, strict=True)]
