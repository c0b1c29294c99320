"""The dataset: events by row number, items with their text. Immutable; its columns may lie on disk."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recsys_core.catalogue.gathering import gathered
from recsys_core.catalogue.history import History
from recsys_core.catalogue.people import People
from recsys_core.catalogue.user_ids import UserIds
from recsys_core.columns import DOMAIN, ITEM_ID, TEXT, TIMESTAMP, TITLE, USER_ID, WEIGHT
from recsys_core.errors import NotFoundError

PIECE_EVENTS: Final = 4_000_000
"""What looks at every event looks at about so many at once."""


Kind = TypeVar("Kind", bound=np.generic)


@dataclass(frozen=True, eq=False)
class Dataset:
    """Events sorted by (user, time, order of arrival); external ids became row numbers once.

    ``items``: one row per (domain, item_id), RangeIndex = item row number, columns
    ``item_id, domain, title, text`` (all str, "" where unknown) and attributes.
    ``user_ids``: (U,) external ids by user row number. ``domains``: names, sorted.
    ``user, item``: (E,) int64 row numbers. ``time``: (E,) int64 unix seconds. ``weight``: (E,)
    float32. ``item_domain``: (I,) int64 index into ``domains``. ``people``: what is told of people
    themselves, not read until it is asked for; None where nothing is. ``folder``: where on disk
    there is room for long columns that are made of these; None where memory has to do.
    """

    name: str
    version: int
    items: pd.DataFrame
    user_ids: UserIds
    domains: tuple[str, ...]
    user: NDArray[np.int64]
    item: NDArray[np.int64]
    time: NDArray[np.int64]
    weight: NDArray[np.float32]
    item_domain: NDArray[np.int64]
    people: People | None = None
    folder: Path | None = None

    @classmethod
    def from_frames(
        cls,
        name: str,
        version: int,
        interactions: pd.DataFrame,
        items: pd.DataFrame,
        people: People | None = None,
    ) -> "Dataset":
        """Build from typed frames (columns in ``columns.py``); items that only the log knows are
        added without text, in order of (domain, item_id).
        """
        items = complete_items(interactions, items)
        keys = pd.MultiIndex.from_frame(items[[DOMAIN, ITEM_ID]])
        item = keys.get_indexer(pd.MultiIndex.from_frame(interactions[[DOMAIN, ITEM_ID]]))
        user, user_ids = _numbered(interactions[USER_ID])
        time = interactions[TIMESTAMP].dt.as_unit("s").astype("int64").to_numpy()
        order = np.lexsort((np.arange(len(time)), time, user))
        domains, item_domain = described(items)
        return cls(
            name,
            version,
            items,
            UserIds.of(user_ids),
            domains,
            user=user[order].astype(np.int64),
            item=item[order].astype(np.int64),
            time=time[order],
            weight=interactions[WEIGHT].to_numpy(np.float32)[order],
            item_domain=item_domain,
            people=people,
        )

    @property
    def n_users(self) -> int:
        """U."""
        return len(self.user_ids)

    @property
    def n_items(self) -> int:
        """I."""
        return len(self.items)

    @property
    def n_events(self) -> int:
        """E."""
        return len(self.user)

    @property
    def room(self) -> Path | None:
        """``folder``, where columns as long as these are too long for memory; else None."""
        return self.folder if self.n_events > PIECE_EVENTS else None

    @property
    def events_per_user(self) -> float:
        """The mean; 0 where there are no users."""
        return self.n_events / max(self.n_users, 1)

    @cached_property
    def event_domain(self) -> NDArray[np.signedinteger]:
        """(E,) index into ``domains`` of each event: a byte each, of up to 127 domains."""
        kind = np.int8 if len(self.domains) <= np.iinfo(np.int8).max else np.int16
        domain: NDArray[np.signedinteger] = self.item_domain.astype(kind)
        return domain[self.item]

    @cached_property
    def offsets(self) -> NDArray[np.int64]:
        """(U + 1,): the events of user row u lie at ``offsets[u]:offsets[u + 1]``."""
        return np.searchsorted(self.user, np.arange(self.n_users + 1)).astype(np.int64)

    @cached_property
    def labels(self) -> NDArray[np.object_]:
        """(I,) what an item is called: its title, or its id where it has none."""
        titles = self.items[TITLE].to_numpy(object)
        return np.where(titles == "", self.items[ITEM_ID].to_numpy(object), titles)

    @cached_property
    def takers(self) -> NDArray[np.int64]:
        """(I,) how many users took each item."""
        return self._different(self.n_items, lambda piece: piece.item)

    @cached_property
    def domain_users(self) -> NDArray[np.int64]:
        """(D,) how many users have events in each domain."""
        return self._different(len(self.domains), lambda piece: piece.event_domain)

    def domain_index(self, domain: str) -> int:
        """Index of ``domain`` in ``domains``; raises NotFoundError."""
        if domain not in self.domains:
            raise NotFoundError(
                f"There is no domain {domain!r} in {self.name!r}.", f"It has: {', '.join(self.domains)}."
            )
        return self.domains.index(domain)

    def domain_items(self, domain: int) -> NDArray[np.int64]:
        """Row numbers of the items of one domain, ascending."""
        return np.flatnonzero(self.item_domain == domain)

    def user_row(self, user_id: str) -> int:
        """Row number of an external user id; raises NotFoundError."""
        row = self.user_ids.row(user_id)
        if row is None:
            raise NotFoundError(
                f"No user {user_id!r} in dataset {self.name!r}.",
                "Ids are compared as text, exactly as in the log; check spelling and leading zeros.",
            )
        return row

    def history(self, user: int, domains: Sequence[int] | None = None) -> History:
        """Events of user row ``user``, oldest first; only those of ``domains`` where given."""
        rows = np.arange(self.offsets[user], self.offsets[user + 1])
        if domains is not None:
            rows = rows[np.isin(self.item_domain[self.item[rows]], list(domains))]
        return History(self.item[rows], self.time[rows], self.weight[rows])

    def pieces(self, events: int) -> Iterator["Dataset"]:
        """The same users and items with the events of a few whole users after another: views of about so many
        ``events``; of one user with more, all. At least one piece.
        """
        start = 0
        while start < self.n_events or not self.n_events:
            owner = self.user[min(start + events, self.n_events) - 1] if self.n_events else 0
            end = int(np.searchsorted(self.user, owner, side="right"))
            some = slice(start, end)
            yield self._with(self.user[some], self.item[some], self.time[some], self.weight[some])
            if end == self.n_events:
                return
            start = end

    def rows_of(self, users: NDArray[np.int64]) -> NDArray[np.int64]:
        """Row numbers of the events of ``users``, row numbers, ascending."""
        sizes = self.offsets[users + 1] - self.offsets[users]
        within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        return np.asarray(np.repeat(self.offsets[users], sizes) + within, np.int64)

    def of_users(self, users: NDArray[np.int64]) -> "Dataset":
        """The same users and items with only the events of ``users``, row numbers, ascending."""
        rows = self.rows_of(users)
        return self._with(self.user[rows], self.item[rows], self.time[rows], self.weight[rows])

    def select_events(self, keep: NDArray[np.bool_]) -> "Dataset":
        """The same users and items with only the events where ``keep`` (E,) is true; on disk where these are
        many.
        """
        parts = ([column[some][keep[some]] for column in self._columns] for some in self._steps)
        return self._with(*gathered(parts, self.room))

    def by_pieces(self, of: Callable[["Dataset"], NDArray[Kind]]) -> NDArray[Kind]:
        """(E,) what ``of`` says of the events of some whole users, asked piece by piece."""
        return np.concatenate([of(piece) for piece in self.pieces(PIECE_EVENTS)])

    def with_events(
        self, user: NDArray[np.int64], item: NDArray[np.int64], time: NDArray[np.int64]
    ) -> "Dataset":
        """The same users and items with further events, by row numbers and unix seconds, each of weight 1; of
        events at one time these come last.
        """
        order = np.lexsort((time, user))
        more = (user[order], item[order], time[order], np.ones(len(order), np.float32))
        places = np.array([self._behind(*event) for event in zip(more[0], more[2], strict=True)], np.int64)
        parts = (self._inserted(some, places, more) for some in self._steps)
        return self._with(*gathered(parts, self.room))

    def _behind(self, user: int, time: int) -> int:
        """The place behind all events of a user up to ``time``."""
        start, stop = self.offsets[user], self.offsets[user + 1]
        return int(start + np.searchsorted(self.time[start:stop], time, "right"))

    def _inserted(
        self, some: slice, places: NDArray[np.int64], more: Sequence[NDArray[Any]]
    ) -> list[NDArray[Any]]:
        """``some`` events and those of ``more`` whose ``places``, ascending, are before one of them or behind
        the last of all.
        """
        behind = some.stop if some.stop < self.n_events else self.n_events + 1
        first, end = np.searchsorted(places, [some.start, behind])
        at = places[first:end] - some.start
        return [np.insert(c[some], at, new[first:end]) for c, new in zip(self._columns, more, strict=True)]

    @property
    def _columns(self) -> tuple[NDArray[Any], ...]:
        return self.user, self.item, self.time, self.weight

    @property
    def _steps(self) -> Iterator[slice]:
        """All events, some at once; at least one step."""
        return (slice(at, at + PIECE_EVENTS) for at in range(0, max(self.n_events, 1), PIECE_EVENTS))

    def _different(self, n: int, code: Callable[["Dataset"], NDArray[np.signedinteger]]) -> NDArray[np.int64]:
        """(n,) how many users have events of each ``code``, 0 … n-1 of each event."""
        found = np.zeros(n, np.int64)
        for piece in self.pieces(PIECE_EVENTS):
            pairs = np.unique(piece.user * n + code(piece))
            found += np.bincount(pairs % n, minlength=n)
        return found

    def _with(
        self,
        user: NDArray[np.int64],
        item: NDArray[np.int64],
        time: NDArray[np.int64],
        weight: NDArray[np.float32],
    ) -> "Dataset":
        return replace(self, user=user, item=item, time=time, weight=weight)


def _numbered(ids: pd.Series) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
    """Row numbers (E,) of ids, and the ids (U,) by row number, ascending."""
    codes, found = pd.factorize(ids)
    unique = np.asarray(found, dtype=object)
    order = np.argsort(unique)
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return rank[codes], unique[order]


def described(items: pd.DataFrame) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """The domains of ``items``, sorted, and (I,) the index of each item's."""
    domains = tuple(sorted(items[DOMAIN].unique()))
    return domains, items[DOMAIN].map({d: i for i, d in enumerate(domains)}).to_numpy(np.int64)


def complete_items(interactions: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    """``items``, and without text those that only ``interactions`` knows, in order of (domain, item_id)."""
    seen = interactions[[DOMAIN, ITEM_ID]].drop_duplicates()
    both = pd.concat([items, seen], ignore_index=True).drop_duplicates([DOMAIN, ITEM_ID], keep="first")
    both = both.sort_values([DOMAIN, ITEM_ID], ignore_index=True)
    return both.assign(**{column: both[column].fillna("") for column in (TITLE, TEXT)})
