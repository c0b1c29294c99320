"""The dataset in memory: events by row number, items with their text. Immutable."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recsys_core.catalogue.history import History
from recsys_core.catalogue.people import People
from recsys_core.columns import DOMAIN, ITEM_ID, TEXT, TIMESTAMP, TITLE, USER_ID, WEIGHT
from recsys_core.errors import NotFoundError


@dataclass(frozen=True, eq=False)
class Dataset:
    """Events sorted by (user, time, order of arrival); external ids became row numbers once.

    ``items``: one row per (domain, item_id), RangeIndex = item row number, columns
    ``item_id, domain, title, text`` (all str, "" where unknown) and attributes.
    ``user_ids``: (U,) external ids by user row number. ``domains``: names, sorted.
    ``user, item``: (E,) int64 row numbers. ``time``: (E,) int64 unix seconds. ``weight``: (E,)
    float32. ``item_domain``: (I,) int64 index into ``domains``. ``people``: what is told of people
    themselves, not read until it is asked for; None where nothing is.
    """

    name: str
    version: int
    items: pd.DataFrame
    user_ids: NDArray[np.object_]
    domains: tuple[str, ...]
    user: NDArray[np.int64]
    item: NDArray[np.int64]
    time: NDArray[np.int64]
    weight: NDArray[np.float32]
    item_domain: NDArray[np.int64]
    people: People | None = None

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
        items = _complete_items(interactions, items)
        keys = pd.MultiIndex.from_frame(items[[DOMAIN, ITEM_ID]])
        item = keys.get_indexer(pd.MultiIndex.from_frame(interactions[[DOMAIN, ITEM_ID]]))
        user, user_ids = _numbered(interactions[USER_ID])
        time = interactions[TIMESTAMP].dt.as_unit("s").astype("int64").to_numpy()
        order = np.lexsort((np.arange(len(time)), time, user))
        domains = tuple(sorted(items[DOMAIN].unique()))
        item_domain = items[DOMAIN].map({d: i for i, d in enumerate(domains)}).to_numpy(np.int64)
        return cls(
            name,
            version,
            items,
            user_ids,
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
    def events_per_user(self) -> float:
        """The mean; 0 where there are no users."""
        return self.n_events / max(self.n_users, 1)

    @cached_property
    def event_domain(self) -> NDArray[np.int64]:
        """(E,) index into ``domains`` of each event."""
        return self.item_domain[self.item]

    @cached_property
    def offsets(self) -> NDArray[np.int64]:
        """(U + 1,): the events of user row u lie at ``offsets[u]:offsets[u + 1]``."""
        return np.searchsorted(self.user, np.arange(self.n_users + 1)).astype(np.int64)

    @cached_property
    def takers(self) -> NDArray[np.int64]:
        """(I,) how many users took each item."""
        pairs = np.unique(self.user * self.n_items + self.item)
        return np.bincount(pairs % self.n_items, minlength=self.n_items).astype(np.int64)

    @cached_property
    def domain_users(self) -> NDArray[np.int64]:
        """(D,) how many users have events in each domain."""
        pairs = np.unique(self.user * len(self.domains) + self.event_domain)
        return np.bincount(pairs % len(self.domains), minlength=len(self.domains)).astype(np.int64)

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
        row = int(np.searchsorted(self.user_ids, user_id))
        if row == self.n_users or self.user_ids[row] != user_id:
            raise NotFoundError(
                f"No user {user_id!r} in dataset {self.name!r}.",
                "Ids are compared as text, exactly as in the log; check spelling and leading zeros.",
            )
        return row

    def history(self, user: int, domains: Sequence[int] | None = None) -> History:
        """Events of user row ``user``, oldest first; only those of ``domains`` where given."""
        rows = np.arange(self.offsets[user], self.offsets[user + 1])
        if domains is not None:
            rows = rows[np.isin(self.event_domain[rows], list(domains))]
        return History(self.item[rows], self.time[rows], self.weight[rows])

    def select_events(self, keep: NDArray[np.bool_]) -> "Dataset":
        """The same users and items with only the events where ``keep`` (E,) is true."""
        return self._with(self.user[keep], self.item[keep], self.time[keep], self.weight[keep])

    def with_events(
        self, user: NDArray[np.int64], item: NDArray[np.int64], time: NDArray[np.int64]
    ) -> "Dataset":
        """The same users and items with further events, by row numbers and unix seconds, each of weight 1; of
        events at one time these come last.
        """
        user, item, time = (
            np.concatenate([own, more])
            for own, more in ((self.user, user), (self.item, item), (self.time, time))
        )
        weight = np.concatenate([self.weight, np.ones(len(user) - self.n_events, np.float32)])
        order = np.lexsort((np.arange(len(user)), time, user))
        return self._with(user[order], item[order], time[order], weight[order])

    def _with(
        self,
        user: NDArray[np.int64],
        item: NDArray[np.int64],
        time: NDArray[np.int64],
        weight: NDArray[np.float32],
    ) -> "Dataset":
        return replace(self, user=user, item=item, time=time, weight=weight)

    def label(self, item: int) -> str:
        """An item's title, or its id where it has none."""
        row = self.items.iloc[item]
        return str(row[TITLE]) or str(row[ITEM_ID])


def _numbered(ids: pd.Series) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
    """Row numbers (E,) of ids, and the ids (U,) by row number, ascending."""
    codes, found = pd.factorize(ids)
    unique = np.asarray(found, dtype=object)
    order = np.argsort(unique)
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return rank[codes], unique[order]


def _complete_items(interactions: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    seen = interactions[[DOMAIN, ITEM_ID]].drop_duplicates()
    both = pd.concat([items, seen], ignore_index=True).drop_duplicates([DOMAIN, ITEM_ID], keep="first")
    both = both.sort_values([DOMAIN, ITEM_ID], ignore_index=True)
    return both.assign(**{column: both[column].fillna("") for column in (TITLE, TEXT)})
