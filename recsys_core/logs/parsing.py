"""One log file as a stream of typed rows, still unjudged."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import duckdb
import pyarrow as pa

from recsys_core.columns import DOMAIN, EVENT, ITEM_ID, SESSION_ID, TIMESTAMP, USER_ID, WEIGHT
from recsys_core.logs.formats import FileInfo
from recsys_core.logs.published.published import SOURCE_ROW
from recsys_core.logs.roles import ColumnRoles
from recsys_core.logs.rules import NO_LINE, TIME_TEXT, WEIGHT_TEXT
from recsys_core.logs.sources import explain, named, quoted, relation
from recsys_core.logs.tally import HASHES
from recsys_core.logs.times import EARLIEST, TimeReading, is_ambiguous, read_times

BATCH_ROWS = 250_000
ROW_HASH = "row_hash"
_NEVER = "TIMESTAMPTZ '1970-01-01 00:00:00+00'"
"""Stands for every time out of range: pandas cannot tell of the year 50,000."""


class Repeats(StrEnum):
    """Which rows are taken for repeats of an earlier one and left out."""

    LINES = "lines"
    MOMENTS = "moments"
    PAIRS = "pairs"
    KEEP = "keep"


@dataclass(frozen=True)
class LogFile:
    """A log file and how to read it; ``domain`` is used where ``roles`` name no column for it."""

    info: FileInfo
    roles: ColumnRoles
    domain: str | None


@dataclass(frozen=True)
class Parsed:
    """``batches``: in the order of the file, text as it stands there, with ``timestamp`` (null where it
    cannot be read, of 1970 where it is out of range) and ``time_text`` where it is either, ``weight``
    (null where it is no number) and ``weight_text`` where it is none of at least 0, ``row_hash``, and
    the hash of each id as it stands in the file.
    ``rejects``: the table of the lines that are no rows, complete when the batches are read.
    """

    batches: Iterator[pa.RecordBatch]
    times: TimeReading
    rejects: str


def parse(
    connection: duckdb.DuckDBPyConnection,
    log: LogFile,
    number: int,
    folder: Path,
    until: datetime,
    repeats: Repeats = Repeats.LINES,
    row_limit: int | None = None,
) -> Parsed:
    """Read one file; ``number`` tells it from the others of the import. Raises InputError, from the batches
    too, where the file cannot be read to its end or its times cannot be understood.
    """
    rejects = f"rejects_{number}"
    source = relation(connection, log.info, folder, rejects, row_limit)
    times = read_times(log.info.name, str(log.roles.time), _times(connection, log, source), log.info.reading)
    query = _query(log, source, times, until, repeats)
    return Parsed(_batches(connection, log.info.name, query, times.zone), times, rejects)


def _times(connection: duckdb.DuckDBPyConnection, log: LogFile, source: str) -> Sequence[str]:
    """The sampled times; where none of them tells day from month, also some that do, from further on."""
    column = str(log.roles.time)
    sampled: list[str] = log.info.sample[column].tolist()
    if not is_ambiguous(sampled, log.info.reading):
        return sampled
    cell = named(column)
    parts = [rf"TRY_CAST(regexp_extract({cell}, '^\s*(\d+)\D+(\d+)', {n}) AS INTEGER) > 12" for n in (1, 2)]
    telling = f"SELECT {cell} FROM {source} WHERE {' OR '.join(parts)} LIMIT 20"
    return [*sampled, *(str(row[0]) for row in connection.execute(telling).fetchall())]


def _batches(
    connection: duckdb.DuckDBPyConnection, name: str, query: str, zone: str
) -> Iterator[pa.RecordBatch]:
    try:
        connection.execute(f"SET TimeZone = {quoted(zone)}")
        yield from _joined(connection.sql(query).to_arrow_reader(BATCH_ROWS))
    except (duckdb.Error, pa.ArrowException, OSError) as error:
        raise explain(name, error) from error


def _joined(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Larger batches of the same rows: the reader's are as small as the blocks of the file, and each batch
    has its price.
    """
    held: list[pa.RecordBatch] = []
    for batch in batches:
        held.append(batch)
        if sum(map(len, held)) >= BATCH_ROWS:
            yield pa.concat_batches(held)
            held = []
    if held:
        yield pa.concat_batches(held)


def _query(log: LogFile, source: str, times: TimeReading, until: datetime, repeats: Repeats) -> str:
    """Steps each of which computes its columns once: the cells, their meaning, what is doubtful."""
    roles, view = log.roles, log.info.view
    played = {EVENT: roles.event, SESSION_ID: roles.session, WEIGHT_TEXT: roles.weight}
    cells = {
        USER_ID: named(str(roles.user)),
        ITEM_ID: named(str(roles.item)),
        TIME_TEXT: named(str(roles.time)),
        DOMAIN: named(roles.domain) if roles.domain else quoted(log.domain or ""),
        **{name: named(column) for name, column in played.items() if column},
        **({NO_LINE: _lost(log.info)} if log.info.head.kind == "json" else {}),
        **({SOURCE_ROW: SOURCE_ROW} if view else {}),
    }
    hashes = {name: f"hash({cells[column]})" for column, name in HASHES.items()}
    known = {cells[column]: hashes[name] for column, name in HASHES.items()}
    cell_names = [named(column) for column in log.info.columns]
    whole = ", ".join(known.get(cell, cell) for cell in cell_names)  # each id is hashed once
    read = f"SELECT {_columns(cells | hashes)}, hash({whole}) AS line_hash FROM {source}"
    meant = {TIMESTAMP: times.sql.format(value=TIME_TEXT)}
    if roles.weight:
        meant[WEIGHT] = f"TRY_CAST({WEIGHT_TEXT} AS FLOAT)"
    typed = f"SELECT *, {_columns(meant)} FROM ({read})"
    late = f"{TIMESTAMP} IS NULL OR {TIMESTAMP} < {_moment(EARLIEST)} OR {TIMESTAMP} >= {_moment(until)}"
    odd = f", {WEIGHT} IS NULL OR {WEIGHT} < 0 OR NOT isfinite({WEIGHT}) AS odd" if roles.weight else ""
    doubted = f"SELECT *, {late} AS late{odd} FROM ({typed})"
    told = {
        **{name: name for name in cells if name != DOMAIN or roles.domain},
        **{name: name for name in meant},
        TIMESTAMP: f"CASE WHEN late AND {TIMESTAMP} IS NOT NULL THEN {_NEVER} ELSE {TIMESTAMP} END",
        TIME_TEXT: f"CASE WHEN late THEN {TIME_TEXT} END",
        **({WEIGHT_TEXT: f"CASE WHEN odd THEN {WEIGHT_TEXT} END"} if roles.weight else {}),
        **{name: name for name in hashes},
        ROW_HASH: _hash(repeats, roles),
    }
    return f"SELECT {_columns(told)} FROM ({doubted})"


def _columns(cells: Mapping[str, str]) -> str:
    return ", ".join(f"{sql} AS {name}" for name, sql in cells.items())


def _hash(repeats: Repeats, roles: ColumnRoles) -> str:
    """What makes two rows the same: every cell of the line, or some of what is stored."""
    pair = f"trim({USER_ID}), trim({ITEM_ID}), {DOMAIN}"
    same = {
        Repeats.MOMENTS: f"{pair}, {TIMESTAMP}" + (f", {EVENT}" if roles.event else ""),
        Repeats.PAIRS: pair,
    }
    return f"hash({same.get(repeats, f'line_hash, {DOMAIN}')})"


def _lost(info: FileInfo) -> str:
    """Whether no cell of a JSON line could be read, so that it is no object."""
    if info.view:
        return "false"
    return " AND ".join(f"{named(column)} IS NULL" for column in info.columns)


def _moment(moment: datetime) -> str:
    return f"TIMESTAMPTZ '{moment:%Y-%m-%d %H:%M:%S}+00'"
