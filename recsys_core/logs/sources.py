"""A log file as a DuckDB relation whose columns are all text, in the order of the file."""

from pathlib import Path

import duckdb
import pandas as pd

from recsys_core.errors import InputError
from recsys_core.logs.formats import FileInfo
from recsys_core.logs.heads import Head


def open_duckdb(spill_to: Path) -> duckdb.DuckDBPyConnection:
    """A DuckDB in memory that spills to ``spill_to``, in UTC, without any reach to the net."""
    connection = duckdb.connect(
        config={
            "temp_directory": str(spill_to / "spill"),
            "memory_limit": "2GB",
            "autoinstall_known_extensions": "false",
            "preserve_insertion_order": "true",
        }
    )
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET enable_progress_bar = false")
    return connection


def relation(info: FileInfo, link_in: Path, rejects: str) -> str:
    """The SQL of a relation with the columns of ``info``, each VARCHAR.

    Malformed lines go to the table ``rejects``. ``link_in``: a folder for a link to the file, since
    DuckDB reads ``*``, ``?`` and ``[`` in a path as wildcards.
    """
    path = info.path.resolve()
    if any(letter in str(path) for letter in "*?["):
        link = link_in / f"source-{rejects}"
        link.symlink_to(path)
        path = link
    reader = {"parquet": _parquet, "jsonl": _json}.get(info.head.kind, _csv)
    return reader(info.head, quoted(str(path)), rejects)


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


def explain(file: str, error: duckdb.Error) -> InputError:
    """DuckDB's complaint about a file as a sentence with a remedy."""
    text = str(error)
    if "GZIP" in text.upper():
        return InputError(f"{file} is a damaged or cut-off gzip file.", "Download or export it again.")
    if isinstance(error, duckdb.OutOfMemoryException) or "No space left" in text:
        return InputError(f"There is too little memory or disk for {file}.", "Free some and try again.")
    first = text.split("\n", maxsplit=1)[0].rstrip(".")[:200]
    return InputError(f"{file} cannot be read to its end: {first}.", "Mend or export the file again.")


def _csv(head: Head, path: str, rejects: str) -> str:
    columns = ", ".join(f"{quoted(column)}: 'VARCHAR'" for column in head.sample.columns)
    return (
        f"read_csv({path}, auto_detect=false, columns={{{columns}}}, header={str(head.has_header).lower()}, "
        f"delim={quoted(head.delimiter)}, quote={quoted(head.quote)}, escape={quoted(head.quote)}, "
        f"encoding={quoted(head.encoding)}, compression={_compression(head)}, store_rejects=true, "
        f"rejects_table='{rejects}', rejects_scan='{rejects}_scans')"
    )


def _json(head: Head, path: str, rejects: str) -> str:
    del rejects
    columns = ", ".join(f"{quoted(column)}: 'VARCHAR'" for column in head.sample.columns)
    return (
        f"read_json({path}, format='newline_delimited', columns={{{columns}}}, ignore_errors=true, "
        f"compression={_compression(head)})"
    )


def _parquet(head: Head, path: str, rejects: str) -> str:
    del rejects
    columns = ", ".join(
        f"CAST({named(column)} AS VARCHAR) AS {named(column)}" for column in head.sample.columns
    )
    return f"(SELECT {columns} FROM read_parquet({path}))"


def _compression(head: Head) -> str:
    return "'gzip'" if head.gzipped else "'none'"
