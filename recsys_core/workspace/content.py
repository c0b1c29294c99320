"""The content of a dataset's folder: written as Parquet, counted and hashed."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
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

INTERACTIONS = "interactions.parquet"
ITEMS = "items.parquet"
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Facts:
    """``row``: the counts of the catalogue row; ``outputs``: sha256 by file name; ``hash``: sha256 over
    the values of interactions and items, whatever the Parquet writer did with them.
    """

    row: Mapping[str, Any]
    outputs: Mapping[str, str]
    hash: str


def write_content(
    folder: Path, interactions: Path | pd.DataFrame, items: pd.DataFrame, defaults: Mapping[str, str]
) -> None:
    """Put both files into ``folder``. A Parquet file is moved there, a frame is checked and written;
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


def describe(folder: Path) -> Facts:
    """Count and hash what ``write_content`` wrote. Raises InputError where there is no event."""
    log = pq.ParquetFile(folder / INTERACTIONS)
    if log.metadata.num_rows == 0:
        raise InputError("There is no usable event left.", "Check the file and the columns it was mapped by.")
    times = [pc.min_max(batch.column(0)) for batch in log.iter_batches(columns=[TIMESTAMP])]
    users = _distinct(pq.read_table(folder / INTERACTIONS, columns=[USER_ID]))
    both = [pq.read_table(folder / name, columns=[DOMAIN, ITEM_ID]) for name in (INTERACTIONS, ITEMS)]
    items = _distinct(pa.concat_tables([_distinct(table) for table in both], promote_options="permissive"))
    row = {
        "n_users": users.num_rows,
        "n_items": items.num_rows,
        "n_events": log.metadata.num_rows,
        "domains": sorted(pc.unique(items[DOMAIN]).to_pylist()),
        "first": _utc(min(time["min"].as_py() for time in times)),
        "last": _utc(max(time["max"].as_py() for time in times)),
    }
    row["hash"] = _hash_both(folder)
    log.close()
    outputs = {name: file_sha256(folder / name) for name in (INTERACTIONS, ITEMS)}
    return Facts(row, outputs, row["hash"])


def file_sha256(path: Path) -> str:
    """sha256 of a file, read in blocks."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _hash_both(folder: Path) -> str:
    both = hashlib.sha256()
    for name in (INTERACTIONS, ITEMS):
        both.update(_hash_values(folder / name).encode())
    return both.hexdigest()


def _hash_values(path: Path) -> str:
    """sha256 over the values, column by column, in the order of rows: lengths and bytes of text (a null
    has length -1), the raw numbers of all else. Independent of row groups and compression.
    """
    file = pq.ParquetFile(path)
    names = file.schema_arrow.names
    lengths = {name: hashlib.sha256() for name in names}
    values = {name: hashlib.sha256() for name in names}
    for batch in file.iter_batches():
        for name in names:
            column = batch.column(name)
            if _is_text(column.type):
                text = column.cast(pa.binary())
                lengths[name].update(pc.fill_null(pc.binary_length(text), -1).to_numpy(zero_copy_only=False))
                values[name].update(pc.binary_join(_listed(text.drop_null()), b"")[0].as_buffer())
            else:
                values[name].update(_numbers(column))
    file.close()
    digests = [f"{name}:{lengths[name].hexdigest()}:{values[name].hexdigest()}" for name in names]
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


def _distinct(table: pa.Table) -> pa.Table:
    return table.group_by(table.column_names).aggregate([])


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_dictionary(kind))


def _numbers(column: pa.Array) -> bytes:
    """The raw numbers of a column without nulls; times in microseconds."""
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.timestamp("us", column.type.tz)).cast(pa.int64())
    return bytes(column.to_numpy(zero_copy_only=False).tobytes())


def _listed(array: pa.Array) -> pa.Array:
    return pa.ListArray.from_arrays(pa.array([0, len(array)], pa.int32()), array)


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _check(found: Any, needed: tuple[str, ...]) -> None:
    missing = [column for column in needed if column not in found]
    if missing:
        raise InputError(
            f"The column {missing[0]!r} is missing.", f"These columns are needed: {', '.join(needed)}."
        )
