"""From a log in Parquet to columns of row numbers in files, which a ``Dataset`` maps into memory.

DuckDB sorts and numbers, spilling to disk; here the rows only pass by. So a log may be larger than the
memory, and what is opened a second time costs no reading.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.lib.format import open_memmap
from numpy.typing import DTypeLike

from recsys_core.catalogue.dataset import Dataset, complete_items, described
from recsys_core.catalogue.people import People
from recsys_core.catalogue.user_ids import FILE as USERS
from recsys_core.catalogue.user_ids import UserIds
from recsys_core.columns import DOMAIN, ITEM_ID, TIMESTAMP, USER_ID, WEIGHT
from recsys_core.logs.sources import open_duckdb, quoted

ITEMS: Final = "items.parquet"
EVENTS: Final[Mapping[str, DTypeLike]] = {
    "user": np.int64,
    "item": np.int64,
    "time": np.int64,
    "weight": np.float32,
}
"""Column of a ``Dataset`` → type of its file."""

_MEMORY: Final = 1_000_000_000
_MEMORY_EVENT: Final = 40
"""Bytes that DuckDB may hold while it numbers: so many, or so many an event where that is more. With less
its tables of ids don't fit in.
"""
_BATCH_ROWS: Final = 500_000


def number_events(interactions: Path, items: pd.DataFrame, folder: Path) -> None:
    """Write into ``folder`` the events of a Parquet file ``interactions``, numbered and sorted as
    ``Dataset.from_frames`` does: a file a column, the users' ids, and the items with those that only the log
    knows.
    """
    log = f"read_parquet({quoted(str(interactions))}, file_row_number = true)"
    with open_duckdb(folder) as connection:
        most = max(_MEMORY, _MEMORY_EVENT * pq.read_metadata(interactions).num_rows)
        connection.execute(f"SET memory_limit = '{most}B'")
        connection.execute("SET preserve_insertion_order = false")  # whatever has an order says so
        seen = connection.execute(f"SELECT DISTINCT {DOMAIN}, {ITEM_ID} FROM {log}").df()
        items = complete_items(seen.astype("str"), items)
        items.to_parquet(folder / ITEMS, index=False)
        _write_users(connection, log, folder / USERS)
        keys = {name: items[name] for name in (DOMAIN, ITEM_ID)}
        connection.register("items", pa.table({**keys, "item": np.arange(len(items))}))
        _write_events(connection, interactions, log, folder)


def open_numbered(name: str, version: int, folder: Path, people: People | None = None) -> Dataset:
    """The ``Dataset`` that ``number_events`` wrote into ``folder``; its columns stay on disk until used."""
    items = pd.read_parquet(folder / ITEMS)
    columns = {column: np.load(folder / f"{column}.npy", mmap_mode="r") for column in EVENTS}
    domains, item_domain = described(items)
    return Dataset(
        name,
        version,
        items,
        UserIds.mapped(folder / USERS),
        domains,
        **columns,
        item_domain=item_domain,
        people=people,
        folder=folder,
    )


def _write_users(connection: duckdb.DuckDBPyConnection, log: str, file: Path) -> None:
    """The ids by row number, and the table ``users`` of both."""
    connection.execute(f"""CREATE TABLE users AS
        SELECT {USER_ID}, row_number() OVER (ORDER BY {USER_ID}) - 1 AS "user"
        FROM (SELECT DISTINCT {USER_ID} FROM {log})""")
    ids = connection.sql(f'SELECT {USER_ID} FROM users ORDER BY "user"').to_arrow_table()
    table = ids.cast(pa.schema([(USER_ID, pa.large_string())])).combine_chunks()
    with pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)


def _write_events(connection: duckdb.DuckDBPyConnection, interactions: Path, log: str, folder: Path) -> None:
    n_events = pq.read_metadata(interactions).num_rows
    files = {
        name: open_memmap(folder / f"{name}.npy", "w+", kind, (n_events,)) for name, kind in EVENTS.items()
    }
    rows = connection.sql(f"""
        SELECT "user", item, CAST(floor(epoch({TIMESTAMP})) AS BIGINT) AS time, {WEIGHT}
        FROM {log} JOIN users USING ({USER_ID}) JOIN items USING ({DOMAIN}, {ITEM_ID})
        ORDER BY "user", time, file_row_number""")
    at = 0
    for batch in rows.to_arrow_reader(_BATCH_ROWS):
        for name, column in zip(files, batch.columns, strict=True):
            files[name][at : at + len(batch)] = column.to_numpy(zero_copy_only=False)
        at += len(batch)
    if at != n_events:
        raise ValueError(f"{n_events - at:,} of {n_events:,} events have no user or no item.")
    for file in files.values():
        file.flush()
