"""A log file as a DuckDB relation whose columns are all text, in the order of the file."""

import re
from pathlib import Path

import duckdb
import pandas as pd

from recsys_core.errors import DriftmapError, InputError, ResourceError
from recsys_core.logs.encodings import packing
from recsys_core.logs.formats import FileInfo
from recsys_core.logs.heads import Head
from recsys_core.logs.original import LONGEST_LINE
from recsys_core.logs.published.published import SOURCE_ROW
from recsys_core.logs.readable import LONGEST_OBJECT, as_duckdb_reads

MEMORY = "400MB"
"""What DuckDB may hold; beyond it, it spills to disk."""
_AHEAD = "16MB"
"""Rows that DuckDB reads ahead while those before are judged and written."""
_CSV_BUFFER = 8_000_000
_SPOILT = ("decompression failure", "Out of buffer", "TProtocolException", "Corrupt snappy")
_INNER = re.compile(r"^([A-Z]\w+ )+Error: |( in)? file \"[^\"]*\",?|Line: .*", re.IGNORECASE)
"""What a complaint says of the insides: the kind of the exception, and where the file really lies."""


def open_duckdb(spill_to: Path) -> duckdb.DuckDBPyConnection:
    """A DuckDB in memory that spills to ``spill_to``, in UTC, without any reach to the net."""
    connection = duckdb.connect(
        config={
            "temp_directory": str(spill_to / "spill"),
            "memory_limit": MEMORY,
            "autoinstall_known_extensions": "false",
            "preserve_insertion_order": "true",
        }
    )
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET enable_progress_bar = false")
    connection.execute(f"SET streaming_buffer_size = '{_AHEAD}'")
    return connection


def relation(
    connection: duckdb.DuckDBPyConnection,
    info: FileInfo,
    folder: Path,
    rejects: str,
    row_limit: int | None = None,
) -> str:
    """The SQL of a relation with the columns of ``info``, each VARCHAR.

    Malformed lines go to the table ``rejects``. ``folder``: for what has to be written on the way, a copy
    in UTF-8 or the raw rows of a published format, whose relation also has ``source_row``. ``row_limit``:
    only so many rows of the file. Raises InputError where the file cannot be read to its end.
    """
    path = as_duckdb_reads(info, folder / f"source-{rejects}", whole=row_limit is None)
    reader = {"parquet": _parquet, "json": _json}.get(info.head.kind, _csv)
    packed = packing(path) if info.head.kind != "parquet" else None
    source = reader(info.head, quoted(str(path)), rejects, packed)
    if row_limit is not None:
        source = f"(SELECT * FROM {source} LIMIT {row_limit})"
    if not info.view:
        return source
    raw = quoted(str(folder / f"raw-{rejects}.parquet"))
    try:
        connection.execute(f"COPY (SELECT * FROM {source}) TO {raw} (FORMAT parquet)")
    except duckdb.Error as error:
        raise explain(info.name, error) from error
    numbered = f"read_parquet({raw}, file_row_number=true)"
    rows = f"(SELECT * EXCLUDE file_row_number, file_row_number AS {SOURCE_ROW} FROM {numbered})"
    view = info.view.format(source=rows)
    return f"(SELECT * FROM ({view}) ORDER BY {SOURCE_ROW})"


def quoted(text: str) -> str:
    """An SQL string."""
    return "'" + text.replace("'", "''") + "'"


def named(column: str) -> str:
    """An SQL identifier."""
    return '"' + column.replace('"', '""') + '"'


def fetch(connection: duckdb.DuckDBPyConnection, query: str) -> pd.DataFrame:
    """The rows of a query; text as str, times in UTC."""
    frame: pd.DataFrame = connection.sql(query).to_arrow_table().to_pandas()
    return frame


def in_order(path: Path, join: str) -> str:
    """SQL of the rows of a Parquet file that ``join`` leaves, in their order, which joins do not keep."""
    rows = f"read_parquet({quoted(str(path))}, file_row_number=true)"
    return f"SELECT log.* EXCLUDE file_row_number FROM {rows} AS log {join} ORDER BY log.file_row_number"


def explain(file: str, error: Exception) -> DriftmapError:
    """DuckDB's or Arrow's complaint about a file as a sentence with a remedy."""
    text = str(error)
    packed = next((kind for kind in ("gzip", "zstd") if kind in text.lower()), "")
    if packed:
        return InputError(f"{file} is a damaged or cut-off {packed} file.", "Download or export it again.")
    if "No space left" in text or "File too large" in text:
        return ResourceError(
            f"The disk is full, so that {file} cannot be read. Free some space and try again."
        )
    if isinstance(error, duckdb.OutOfMemoryException):
        return ResourceError(
            f"There is too little memory to read {file}. Close other programs and try again."
        )
    if any(word in text for word in _SPOILT):
        return InputError(
            f"{file} is damaged: a part of it cannot be unpacked.", "Download or export it again."
        )
    first = _INNER.sub("", text.split("\n", maxsplit=1)[0]).rstrip(".")[:200]
    return InputError(f"{file} cannot be read to its end: {first}.", "Mend or export the file again.")


def _csv(head: Head, path: str, rejects: str, packed: str | None) -> str:
    columns = ", ".join(f"{quoted(column)}: 'VARCHAR'" for column in head.sample.columns)
    return (
        f"read_csv({path}, auto_detect=false, columns={{{columns}}}, header={str(head.has_header).lower()}, "
        f"delim={quoted(head.delimiter)}, quote={quoted(head.quote)}, escape={quoted(head.quote)}, "
        f"compression={_compression(packed)}, max_line_size={LONGEST_LINE}, buffer_size={_CSV_BUFFER}, "
        f"store_rejects=true, rejects_table='{rejects}', rejects_scan='{rejects}_scans')"
    )


def _json(head: Head, path: str, rejects: str, packed: str | None) -> str:
    del rejects
    columns = ", ".join(f"{quoted(column)}: 'VARCHAR'" for column in head.sample.columns)
    layout = "array" if head.layout == "list" else "newline_delimited"
    lenient = "false" if layout == "array" else "true"
    return (
        f"read_json({path}, format='{layout}', columns={{{columns}}}, ignore_errors={lenient}, "
        f"maximum_object_size={LONGEST_OBJECT}, compression={_compression(packed)})"
    )


def _parquet(head: Head, path: str, rejects: str, packed: str | None) -> str:
    """Text as it is; lists and structs as JSON, as the sample shows them."""
    del rejects, packed
    columns = ", ".join(
        f"CASE WHEN json_type(to_json({named(c)})) IN ('ARRAY', 'OBJECT') THEN to_json({named(c)})::VARCHAR "
        f"ELSE {named(c)}::VARCHAR END AS {named(c)}"
        for c in head.sample.columns
    )
    return f"(SELECT {columns} FROM read_parquet({path}))"


def _compression(packed: str | None) -> str:
    return "'none'" if packed is None else quoted(packed)
