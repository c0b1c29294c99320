"""One log file, cleaned row by row into a Parquet file beside it, bad rows marked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from recsys_core.columns import DOMAIN, EVENT, ITEM_ID, TIMESTAMP, USER_ID, WEIGHT
from recsys_core.errors import InputError
from recsys_core.logs.formats import FileInfo
from recsys_core.logs.pseudonyms import SQL_FUNCTION
from recsys_core.logs.quarantine import LARGEST, MALFORMED, REASONS
from recsys_core.logs.roles import ColumnRoles
from recsys_core.logs.sources import explain, named, quoted, relation
from recsys_core.logs.times import EARLIEST, read_times

_SPACE = " \t\r\n\u00a0"
DEFAULT_EVENT = "interaction"
_ENDLESS = ("UNQUOTED VALUE", "LINE SIZE OVER MAXIMUM")
_DOMAIN_NAME = r"[\p{L}\p{N}]([\p{L}\p{N}_ .-]*[\p{L}\p{N}_-])?"


@dataclass(frozen=True)
class LogFile:
    """A log file and how to read it; ``domain`` is used where ``roles`` name no column for it."""

    info: FileInfo
    roles: ColumnRoles
    domain: str | None


@dataclass(frozen=True)
class Staged:
    """A cleaned file: ``path`` is Parquet in the order of the log with the interaction columns, ``bad`` (0
    for a good row, else a code of ``REASONS``), ``value`` (of the cell at fault) and ``row_hash``.
    """

    path: Path
    log: LogFile
    time_unit: str
    n_read: int
    reasons: Mapping[str, int]


def stage(
    connection: duckdb.DuckDBPyConnection,
    log: LogFile,
    number: int,
    folder: Path,
    until: datetime,
    pseudonymise: bool,
) -> Staged:
    """Clean one file into ``folder``; its bad rows are added to the table ``quarantine``.

    ``until``: events at or after it are bad. Raises InputError where the file cannot be read to its end.
    """
    info, roles = log.info, log.roles
    reading = read_times(info.path.name, str(roles.time), info.sample[str(roles.time)].tolist())
    path, rejects = folder / f"staged-{number}.parquet", f"rejects_{number}"
    query = _query(log, relation(info, folder, rejects), reading.sql, until, pseudonymise)
    try:
        connection.execute(f"COPY ({query}) TO {quoted(str(path))} (FORMAT parquet)")
    except duckdb.Error as error:
        raise explain(info.path.name, error) from error
    malformed = _malformed(connection, log, rejects, pseudonymise)
    bad = _quarantine_cells(connection, log, path, rejects, bool(malformed))
    n_rows = connection.execute(f"SELECT count(*) FROM {quoted(str(path))}").fetchall()[0][0]
    return Staged(path, log, reading.unit, n_rows + sum(malformed.values()), {**bad, **malformed})


def make_quarantine(connection: duckdb.DuckDBPyConnection) -> None:
    """The table that bad rows are set aside in."""
    connection.execute(
        'CREATE TABLE quarantine (file VARCHAR, line BIGINT, "column" VARCHAR, value VARCHAR, reason VARCHAR)'
    )


def _query(log: LogFile, source: str, time_sql: str, until: datetime, pseudonymise: bool) -> str:
    roles, columns = log.roles, log.info.columns
    domain = _text(roles.domain) if roles.domain else quoted(log.domain or "")
    hashed = ", ".join(named(column) for column in columns)
    whole_line = " AND ".join(f"{named(column)} IS NULL" for column in columns)
    cells = f"""SELECT {_id(roles.user)} AS user_id, {_id(roles.item)} AS item_id, {domain} AS domain,
        {_text(roles.time)} AS time_text,
        {_text(roles.event) if roles.event else "NULL"} AS event_text,
        {_text(roles.weight) if roles.weight else "NULL"} AS weight_text,
        hash({hashed}) AS row_hash, {whole_line if log.info.head.kind == "jsonl" else "false"} AS no_line
        FROM {source}"""
    typed = f"""SELECT *, {time_sql.format(value="time_text")} AS moment,
        CASE WHEN weight_text IS NULL THEN 1 ELSE TRY_CAST(weight_text AS FLOAT) END AS number
        FROM ({cells})"""
    judged = f"SELECT *, {_judge(until)} AS bad FROM ({typed})"
    user = f"{SQL_FUNCTION}(user_id)" if pseudonymise else "user_id"
    return f"""SELECT {user} AS {USER_ID}, {ITEM_ID}, {DOMAIN}, moment::TIMESTAMPTZ AS {TIMESTAMP},
        coalesce(event_text, '{DEFAULT_EVENT}') AS {EVENT}, number::FLOAT AS {WEIGHT}, bad::UTINYINT AS bad,
        CASE WHEN bad IN (5, 6, 7) THEN time_text WHEN bad = 8 THEN weight_text WHEN bad IN (3, 4) THEN domain
        END AS value, row_hash FROM ({judged})"""


def _judge(until: datetime) -> str:
    return f"""CASE WHEN no_line THEN 9 WHEN user_id IS NULL THEN 1 WHEN item_id IS NULL THEN 2
        WHEN domain IS NULL THEN 3
        WHEN length(domain) > 64 OR NOT regexp_full_match(domain, '{_DOMAIN_NAME}') THEN 4
        WHEN time_text IS NULL THEN 5 WHEN moment IS NULL THEN 6
        WHEN moment < TIMESTAMP '{EARLIEST:%Y-%m-%d}' THEN 7
        WHEN moment >= TIMESTAMP '{until:%Y-%m-%d %H:%M:%S}' THEN 7
        WHEN number IS NULL OR number < 0 OR NOT isfinite(number) THEN 8 ELSE 0 END"""


def _text(column: str | None) -> str:
    """The cell without space around it, NULL where nothing is left."""
    cell = named(str(column))
    first = ", ".join(str(ord(letter)) for letter in _SPACE)
    last = ", ".join(quoted(letter) for letter in _SPACE)
    # Trimming a set of letters is slow in DuckDB, so only the cells that need it are trimmed.
    padded = f"ascii({cell}) IN ({first}) OR right({cell}, 1) IN ({last})"
    return f"nullif(CASE WHEN {padded} THEN trim({cell}, {quoted(_SPACE)}) ELSE {cell} END, '')"


def _id(column: str | None) -> str:
    """An id: text as it stands; what exports write for a missing value is none."""
    text = _text(column)
    return rf"CASE WHEN lower({text}) IN ('null', 'nan', 'none', '\n') THEN NULL ELSE {text} END"


def _malformed(
    connection: duckdb.DuckDBPyConnection, log: LogFile, rejects: str, pseudonymise: bool
) -> dict[str, int]:
    """Set the lines aside that are no rows, and count them by reason."""
    if log.info.head.kind not in ("csv", "tsv"):
        return {}
    lines = f"""(SELECT line, any_value(error_type::VARCHAR) AS kind, any_value(csv_line) AS text
        FROM {rejects} GROUP BY line)"""
    endless = connection.execute(f"SELECT min(line) FROM {lines} WHERE kind IN {_ENDLESS}").fetchall()[0][0]
    if endless is not None:
        raise InputError(
            f"{log.info.path.name} has a quotation mark that is never closed, near line {endless}.",
            'Close it, or write "" for a quotation mark inside quotes.',
        )
    cases = " ".join(f"WHEN {quoted(kind)} THEN {quoted(reason)}" for kind, reason in MALFORMED.items())
    reason = f"CASE kind {cases} ELSE 'malformed line' END"
    value = "NULL" if pseudonymise else "left(text, 500)"
    connection.execute(
        f"INSERT INTO quarantine SELECT ?, line, NULL, {value}, {reason} FROM {lines} "
        f"ORDER BY line LIMIT {LARGEST}",
        [log.info.path.name],
    )
    counted = connection.execute(f"SELECT {reason}, count(*) FROM {lines} GROUP BY 1").fetchall()
    return {str(why): int(count) for why, count in counted}


def _quarantine_cells(
    connection: duckdb.DuckDBPyConnection, log: LogFile, path: Path, rejects: str, any_rejects: bool
) -> dict[str, int]:
    """Set the rows aside with a bad cell, and count them by reason.

    A row's line is its number among the rows, moved on by the header and by the malformed lines before it.
    """
    staged = f"read_parquet({quoted(str(path))}, file_row_number=true)"
    counted = connection.execute(f"SELECT bad, count(*) FROM {staged} WHERE bad > 0 GROUP BY bad").fetchall()
    if not counted:
        return {}
    first = 1 + int(log.info.head.has_header and log.info.head.kind in ("csv", "tsv"))
    row = f"SELECT file_row_number AS n, bad, value FROM {staged} WHERE bad > 0 ORDER BY n LIMIT {LARGEST}"
    lines = f"SELECT n + {first} AS line, bad, value FROM ({row})"
    if any_rejects:
        before = f"""SELECT line - {first} - row_number() OVER (ORDER BY line) + 1 AS n,
            row_number() OVER (ORDER BY line) AS shift FROM (SELECT DISTINCT line FROM {rejects})"""
        lines = f"""SELECT row.n + {first} + coalesce(before.shift, 0) AS line, bad, value FROM ({row}) AS row
            ASOF LEFT JOIN ({before}) AS before ON row.n >= before.n"""
    columns = " ".join(f"WHEN {c} THEN {_column_at_fault(log, role)}" for c, (role, _) in REASONS.items())
    reasons = " ".join(f"WHEN {code} THEN {quoted(reason)}" for code, (_, reason) in REASONS.items())
    connection.execute(
        f"INSERT INTO quarantine SELECT ?, line, CASE bad {columns} END, value, CASE bad {reasons} END "
        f"FROM ({lines}) ORDER BY line",
        [log.info.path.name],
    )
    return {REASONS[code][1]: count for code, count in counted}


def _column_at_fault(log: LogFile, role: str) -> str:
    column = log.roles.as_dict().get(role)
    return quoted(column) if column else "NULL"
