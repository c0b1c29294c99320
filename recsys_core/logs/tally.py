"""Who and what a log is about, counted domain by domain as its rows stream by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from recsys_core.columns import DOMAIN, ITEM_ID, TIMESTAMP, USER_ID
from recsys_core.logs.cells import letters_of

USER_HASH, ITEM_HASH = "user_hash", "item_hash"
HASHES: Mapping[str, str] = {USER_ID: USER_HASH, ITEM_ID: ITEM_HASH}
"""Id column → the column of its hashes: those that DuckDB's ``hash`` gives."""

SAMPLED = 20_000
"""Ids of a column that are kept to be looked at."""

_FEWEST_SORTED = 1 << 17
_BATCH_ROWS = 250_000
_LETTERS = 26


@dataclass(frozen=True, eq=False)
class DomainTally:
    """``first``, ``last``: of its events, in microseconds since 1970. ``users`` (U,), ``items`` (I,) uint64:
    the hashes of their ids, sorted, each once.

    Two ids count as one when their hashes are the same: of 10 million users, any two with a probability of
    3 in a million (birthday bound n² / 2⁶⁵).
    """

    n_events: int
    first: int
    last: int
    users: NDArray[np.uint64]
    items: NDArray[np.uint64]

    def __or__(self, other: "DomainTally") -> "DomainTally":
        """Of both together; an event counts as often as it is in either."""
        return DomainTally(
            self.n_events + other.n_events,
            min(self.first, other.first),
            max(self.last, other.last),
            union([self.users, other.users]),
            union([self.items, other.items]),
        )


@dataclass(frozen=True, eq=False)
class Tally:
    """``domains``: by name, in order. ``mixed``: the id columns whose ids may differ from another only in
    upper and lower case; where all ids are in one of them, none does. ``sample``: different ids of each
    column, all or ``SAMPLED`` of them, each as likely as any other.
    """

    domains: Mapping[str, DomainTally]
    mixed: frozenset[str]
    sample: Mapping[str, pa.StringArray]


class TallyCounter:
    """Fed batch by batch; memory grows with users and items, not with events."""

    def __init__(self) -> None:
        """Of no rows yet."""
        self._domains: dict[str, _DomainCounter] = {}
        self._cases = {column: _Cases() for column in HASHES}
        self._samples = {column: _Sample() for column in HASHES}

    def add(self, rows: pa.Table) -> None:
        """Count rows with ``domain`` (a dictionary), ``timestamp``, both ids and both of their hashes."""
        for column, hashes in HASHES.items():
            self._samples[column].add(rows[column], rows[hashes].to_numpy())
            for ids in rows[column].chunks:
                self._cases[column].add(ids)
        domains = rows[DOMAIN].combine_chunks()
        codes, names = domains.indices.to_numpy(), domains.dictionary.to_pylist()
        times = rows[TIMESTAMP].cast(pa.timestamp("us", "UTC")).cast(pa.int64()).to_numpy()
        users, items = rows[USER_HASH].to_numpy(), rows[ITEM_HASH].to_numpy()
        found = np.flatnonzero(np.bincount(codes, minlength=len(names)))
        for code in found:
            here = codes == code if len(found) > 1 else slice(None)
            counter = self._domains.setdefault(names[code], _DomainCounter())
            counter.add(times[here], users[here], items[here])

    def result(self) -> Tally:
        """What was counted."""
        domains = {name: counter.result() for name, counter in sorted(self._domains.items())}
        mixed = frozenset(column for column, cases in self._cases.items() if cases.mixed)
        return Tally(domains, mixed, {column: one.result() for column, one in self._samples.items()})


def tally_of(connection: duckdb.DuckDBPyConnection, log: str) -> Tally:
    """Of stored interactions, an SQL relation."""
    hashes = ", ".join(f"hash({column}) AS {name}" for column, name in HASHES.items())
    query = f"SELECT {USER_ID}, {ITEM_ID}, {DOMAIN}, {TIMESTAMP}, {hashes} FROM {log}"
    counter = TallyCounter()
    for batch in connection.sql(query).to_arrow_reader(_BATCH_ROWS):
        rows = pa.table(batch.columns, names=batch.schema.names)
        place = rows.schema.get_field_index(DOMAIN)
        counter.add(rows.set_column(place, DOMAIN, rows[DOMAIN].dictionary_encode()))
    return counter.result()


def hash_ids(ids: pa.Array | pa.ChunkedArray) -> NDArray[np.uint64]:
    """(N,) the hash of each id, the same as in a ``Tally``."""
    if not len(ids):
        return np.empty(0, np.uint64)
    with duckdb.connect() as connection:
        connection.register("given", pa.table({"id": ids}))
        hashes = connection.execute("SELECT hash(id) AS h FROM given").fetchnumpy()["h"]
    return np.asarray(hashes, np.uint64)


def union(parts: Iterable[NDArray[np.uint64]]) -> NDArray[np.uint64]:
    """The different values of all parts, sorted."""
    values = np.concatenate([np.empty(0, np.uint64), *parts])
    values.sort()
    first = np.ones(len(values), dtype=np.bool_)
    np.not_equal(values[1:], values[:-1], out=first[1:])
    return values[first]


def held(values: NDArray[np.uint64], known: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """(N,) which values are among ``known``, which is sorted."""
    if not len(known):
        return np.zeros(len(values), dtype=np.bool_)
    found: NDArray[np.bool_] = known[np.minimum(np.searchsorted(known, values), len(known) - 1)] == values
    return found


class _Distinct:
    """Different values; what is new is merged into what is known whenever it is twice as much."""

    def __init__(self) -> None:
        self._known = np.empty(0, np.uint64)
        self._new: list[NDArray[np.uint64]] = []

    def add(self, values: NDArray[np.uint64]) -> None:
        self._new.append(values.copy())  # a view would keep the whole batch in memory
        if sum(map(len, self._new)) >= max(_FEWEST_SORTED, 2 * len(self._known)):
            self.values()

    def values(self) -> NDArray[np.uint64]:
        self._known, self._new = union([self._known, *self._new]), []
        return self._known


class _Sample:
    """The ids with the smallest hashes, a sample of the different ids (bottom-k sketch; Cohen 1997)."""

    def __init__(self) -> None:
        self._hashes, self._ids = np.empty(0, np.uint64), pa.array([], pa.string())
        self._new: list[tuple[NDArray[np.uint64], pa.StringArray]] = []
        self._largest = np.iinfo(np.uint64).max

    def add(self, ids: pa.ChunkedArray, hashes: NDArray[np.uint64]) -> None:
        rows = np.flatnonzero(hashes <= self._largest)
        rows = rows[~held(hashes[rows], self._hashes)]
        found, first = np.unique(hashes[rows], return_index=True)
        if len(found):
            self._new.append((found, ids.take(pa.array(rows[first])).combine_chunks()))
        if sum(len(found) for found, _ in self._new) >= SAMPLED:
            self.result()

    def result(self) -> pa.StringArray:
        hashes, first = np.unique(
            np.concatenate([self._hashes, *(found for found, _ in self._new)]), return_index=True
        )
        ids = pa.concat_arrays([self._ids, *(ids for _, ids in self._new)])
        self._hashes, self._ids = hashes[:SAMPLED], ids.take(pa.array(first[:SAMPLED]))
        self._new = []
        if len(self._hashes) == SAMPLED:
            self._largest = self._hashes[-1]
        return self._ids


class _DomainCounter:
    def __init__(self) -> None:
        self._n_events, self._first, self._last = 0, np.iinfo(np.int64).max, np.iinfo(np.int64).min
        self._users, self._items = _Distinct(), _Distinct()

    def add(self, times: NDArray[np.int64], users: NDArray[np.uint64], items: NDArray[np.uint64]) -> None:
        self._n_events += len(times)
        self._first, self._last = min(self._first, int(times.min())), max(self._last, int(times.max()))
        self._users.add(users)
        self._items.add(items)

    def result(self) -> DomainTally:
        return DomainTally(
            self._n_events, self._first, self._last, self._users.values(), self._items.values()
        )


class _Cases:
    """Which letters were seen: upper case, lower case, others than those of English."""

    def __init__(self) -> None:
        self._upper = self._lower = self._wide = False

    @property
    def mixed(self) -> bool:
        return self._wide or (self._upper and self._lower)

    def add(self, ids: pa.StringArray) -> None:
        if self.mixed:
            return
        raw = np.frombuffer(letters_of(ids), np.uint8)
        self._wide = bool(len(raw)) and int(raw.max()) >= 0x80
        self._upper = self._upper or bool((raw - np.uint8(ord("A")) < _LETTERS).any())
        self._lower = self._lower or bool((raw - np.uint8(ord("a")) < _LETTERS).any())
