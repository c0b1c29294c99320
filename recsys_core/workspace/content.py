"""The content of a dataset's folder: written as Parquet, counted and hashed."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from recsys_core.columns import (
    DOMAIN,
    EVENT,
    INTERACTION_COLUMNS,
    ITEM_COLUMNS,
    ITEM_ID,
    TIMESTAMP,
    USER_ID,
    WEIGHT,
)
from recsys_core.errors import InputError
from recsys_core.logs.sources import open_duckdb, quoted
from recsys_core.logs.tally import DomainTally, hash_ids, tally_of, union
from recsys_core.logs.value_hash import ValueHash

INTERACTIONS = "interactions.parquet"
ITEMS = "items.parquet"
PEOPLE = "people.parquet"
"""Only there where something is told of people."""
NUMBERED = "numbered"
"""A folder of what is made of these files when they are first opened; it can be made again."""


@dataclass(frozen=True)
class Counted:
    """What is in a dataset. ``domains``: names, sorted. ``first`` and ``last``: of the events, UTC.
    ``interactions_hash``: ``ValueHash`` of the interactions, ``interactions_sha256``: of their file; "" where
    they are still to be made.
    """

    n_users: int
    n_items: int
    n_events: int
    domains: tuple[str, ...]
    first: datetime
    last: datetime
    interactions_hash: str = ""
    interactions_sha256: str = ""


@dataclass(frozen=True)
class Facts:
    """``row``: the counts of the catalogue row; ``outputs``: sha256 by file name; ``hash``: sha256 over
    the values of interactions, items and people, whatever the Parquet writer did with them.
    """

    row: Mapping[str, Any]
    outputs: Mapping[str, str]
    hash: str


def write_content(
    folder: Path,
    interactions: Path | pd.DataFrame,
    items: pd.DataFrame,
    defaults: Mapping[str, str],
    people: pd.DataFrame | None = None,
) -> None:
    """Put the files into ``folder``. A Parquet file is moved there, a frame is checked and written;
    ``defaults`` fill the item columns that are missing. Raises InputError for a missing column.
    """
    if isinstance(interactions, Path):
        _check(pq.read_schema(interactions).names, INTERACTION_COLUMNS)
        interactions.rename(folder / INTERACTIONS)
    else:
        frame = interactions.assign(
            **{c: v for c, v in ((EVENT, "interaction"), (WEIGHT, 1.0)) if c not in interactions}
        )
        _check(frame.columns, INTERACTION_COLUMNS)
        frame = frame[list(INTERACTION_COLUMNS)].astype({WEIGHT: np.float32})
        frame[TIMESTAMP] = pd.to_datetime(frame[TIMESTAMP], utc=True).dt.as_unit("us")
        frame.to_parquet(folder / INTERACTIONS, index=False)
    items = items.assign(**{column: text for column, text in defaults.items() if column not in items})
    _check(items.columns, ITEM_COLUMNS)
    ordered = [*ITEM_COLUMNS, *(column for column in items.columns if column not in ITEM_COLUMNS)]
    items = items[ordered].sort_values([DOMAIN, ITEM_ID], ignore_index=True)
    items.to_parquet(folder / ITEMS, index=False)
    if people is not None:
        _check(people.columns, (USER_ID,))
        people.sort_values(USER_ID, ignore_index=True).to_parquet(folder / PEOPLE, index=False)


def describe(folder: Path, counted: Counted | None = None) -> Facts:
    """Count, unless that was done, and hash what ``write_content`` wrote. Raises InputError where there is no
    event.
    """
    counted = counted or _count(folder)
    if not counted.n_events:
        raise InputError("There is no usable event left.", "Check the file and the columns it was mapped by.")
    about = [name for name in (ITEMS, PEOPLE) if (folder / name).exists()]
    values = hashlib.sha256()
    values.update((counted.interactions_hash or _hash_values(folder / INTERACTIONS)).encode())
    for name in about:
        values.update(_hash_values(folder / name).encode())
    events = counted.interactions_sha256 or file_sha256(folder / INTERACTIONS)
    outputs = {INTERACTIONS: events} | {name: file_sha256(folder / name) for name in about}
    row = {
        "n_users": counted.n_users,
        "n_items": counted.n_items,
        "n_events": counted.n_events,
        "domains": list(counted.domains),
        "first": counted.first,
        "last": counted.last,
        "hash": values.hexdigest(),
    }
    return Facts(row, outputs, values.hexdigest())


def file_sha256(path: Path) -> str:
    """sha256 of a file, read in blocks."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _count(folder: Path) -> Counted:
    with open_duckdb(folder) as connection:
        tally = tally_of(connection, f"read_parquet({quoted(str(folder / INTERACTIONS))})")
    return count_content(tally.domains, pd.read_parquet(folder / ITEMS, columns=[DOMAIN, ITEM_ID]))


def count_content(log: Mapping[str, DomainTally], items: pd.DataFrame) -> Counted:
    """Count a dataset. ``log``: its events, by domain; ``items``: what is told of items, in events or not."""
    hashes = hash_ids(pa.array(items[ITEM_ID], pa.string()))
    names = sorted({*log, *items[DOMAIN].unique()})
    in_log = {name: log[name].items for name in log}
    of_domains = [
        union([*([in_log[name]] if name in in_log else []), hashes[(items[DOMAIN] == name).to_numpy()]])
        for name in names
    ]
    return Counted(
        n_users=len(union(one.users for one in log.values())),
        n_items=sum(map(len, of_domains)),
        n_events=sum(one.n_events for one in log.values()),
        domains=tuple(names),
        first=_moment(min((one.first for one in log.values()), default=0)),
        last=_moment(max((one.last for one in log.values()), default=0)),
    )


def _hash_values(path: Path) -> str:
    """sha256 over the values, whatever the Parquet writer did with them."""
    values = ValueHash()
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches():
            values.update(batch)
    return values.hexdigest()


def _moment(micros: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)


def _check(found: Any, needed: tuple[str, ...]) -> None:
    missing = [column for column in needed if column not in found]
    if missing:
        raise InputError(
            f"The column {missing[0]!r} is missing.", f"These columns are needed: {', '.join(needed)}."
        )
