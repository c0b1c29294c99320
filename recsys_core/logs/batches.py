"""The rows of one batch between parsing and storing: column by column, with every stored column there."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from recsys_core.columns import (
    DOMAIN,
    EVENT,
    INTERACTION_COLUMNS,
    ITEM_ID,
    SESSION_ID,
    TIMESTAMP,
    USER_ID,
    WEIGHT,
)
from recsys_core.logs.cells import tidy
from recsys_core.logs.rules import NO_LINE, OTHER_UNIT, TIME_TEXT, WEIGHT_TEXT
from recsys_core.logs.tally import HASHES, hash_ids
from recsys_core.logs.times import in_other_unit

DEFAULT_EVENT = "interaction"
_TEXTS = (USER_ID, ITEM_ID, DOMAIN, EVENT, SESSION_ID, TIME_TEXT, WEIGHT_TEXT)
_NAMES = pa.dictionary(pa.int32(), pa.string())
"""The few names of domains and events, each written once a batch."""

_STORED = {TIMESTAMP: pa.timestamp("us", "UTC"), WEIGHT: pa.float32(), DOMAIN: _NAMES, EVENT: _NAMES}


def stored_schema(sessions: bool) -> pa.Schema:
    """The Arrow schema of stored interactions, with ``session_id`` or without."""
    names = (*INTERACTION_COLUMNS, SESSION_ID) if sessions else INTERACTION_COLUMNS
    return pa.schema([(name, _STORED.get(name, pa.string())) for name in names])


def tidied(batch: pa.RecordBatch, domain: str | None, time_unit: str) -> tuple[pa.Table, int]:
    """A parsed batch with text without space around it, names as dictionaries and what the log leaves out
    filled in; and how many ids had space around them. ``domain``: of all rows, where no column says it.
    ``time_unit``: what the times of the file were taken for.
    """
    columns, n_padded = dict(zip(batch.schema.names, batch.columns, strict=True)), 0
    for name in _TEXTS:
        if name in columns:
            columns[name], padded = tidy(columns[name], ids=name in HASHES)
            if padded and name in HASHES:
                columns[HASHES[name]] = pa.array(hash_ids(columns[name]))
                n_padded += padded
    n = len(batch)
    columns[DOMAIN] = columns[DOMAIN].dictionary_encode() if DOMAIN in columns else _all(domain or "", n)
    columns[EVENT] = _events(columns[EVENT]) if EVENT in columns else _all(DEFAULT_EVENT, n)
    columns[WEIGHT] = _weights(columns, n)
    if columns[TIME_TEXT].null_count < n:
        columns[OTHER_UNIT] = pa.array(_in_other_unit(columns[TIME_TEXT], time_unit))
    return pa.table(columns), n_padded


def judged_frame(rows: pa.Table) -> pd.DataFrame:
    """The columns of a tidied batch that ``rules.judge`` looks at, without copying their text."""
    names = (USER_ID, ITEM_ID, TIMESTAMP, WEIGHT, DOMAIN, TIME_TEXT, OTHER_UNIT, NO_LINE)
    judged = rows.select([name for name in names if name in rows.column_names])
    text = {pa.string(): pd.ArrowDtype(pa.string())}
    frame: pd.DataFrame = judged.to_pandas(types_mapper=text.get)
    return frame


def count_names(names: pa.ChunkedArray) -> dict[str, int]:
    """How often each of a dictionary column's names comes."""
    coded = names.combine_chunks()
    counts = np.bincount(coded.indices.to_numpy(), minlength=len(coded.dictionary))
    return {name: int(n) for name, n in zip(coded.dictionary.to_pylist(), counts, strict=True) if n}


def _events(events: pa.StringArray) -> pa.DictionaryArray:
    return (events.fill_null(DEFAULT_EVENT) if events.null_count else events).dictionary_encode()


def _weights(columns: Mapping[str, pa.Array], n: int) -> pa.Array:
    """1 where the log says nothing; null where it says what is no number."""
    if WEIGHT not in columns:
        return pa.array(np.ones(n, dtype=np.float32))
    weights = columns[WEIGHT]
    if not weights.null_count:
        return weights
    silent = pc.and_(weights.is_null(), columns[WEIGHT_TEXT].is_null())
    return pc.if_else(silent, pa.scalar(1, pa.float32()), weights)


def _in_other_unit(doubtful: pa.StringArray, unit: str) -> NDArray[np.bool_]:
    """Which of the times that cannot be right, text elsewhere null, are in another unit than the rest."""
    found = np.zeros(len(doubtful), dtype=np.bool_)
    rows = np.flatnonzero(doubtful.is_valid().to_numpy(zero_copy_only=False))
    if len(rows) and unit.startswith("unix"):
        numbers = pd.to_numeric(doubtful.take(pa.array(rows)).to_pandas(), errors="coerce")
        found[rows] = in_other_unit(numbers.to_numpy(np.float64, na_value=np.nan), unit)
    return found


def _all(name: str, n: int) -> pa.DictionaryArray:
    """``name`` in every row."""
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(n, dtype=np.int32)), pa.array([name]))
