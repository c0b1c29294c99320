"""The lines that DuckDB could not cut into cells."""

import duckdb

from recsys_core.errors import InputError
from recsys_core.logs.formats import FileInfo
from recsys_core.logs.looking_through import too_long
from recsys_core.logs.original import LONGEST_LINE, find_records
from recsys_core.logs.quarantine import MALFORMED

_STRAY = "UNQUOTED VALUE"
_TOO_LONG = "LINE SIZE OVER MAXIMUM"


def rejected(connection: duckdb.DuckDBPyConnection, info: FileInfo, table: str) -> dict[int, str]:
    """Number of the record, from 1, → reason, for each record that is no row, ascending.

    Raises InputError where a line is too long to be one, and where a quotation is never closed, since all
    that follows is then inside it.
    """
    if info.head.kind not in ("csv", "tsv"):
        return {}
    query = f"SELECT line, any_value(error_type::VARCHAR) FROM {table} GROUP BY line ORDER BY line"
    found = {int(record): str(kind) for record, kind in connection.execute(query).fetchall()}
    _refuse(info, [record for record, kind in found.items() if kind in (_STRAY, _TOO_LONG)], found)
    return {record: MALFORMED.get(kind, "malformed line") for record, kind in found.items()}


def _refuse(info: FileInfo, doubtful: list[int], kinds: dict[int, str]) -> None:
    originals = find_records(info, doubtful)
    for record in doubtful:
        original = originals.get(record)
        where = original.line if original else record
        if kinds[record] == _TOO_LONG:
            raise too_long(info.name, where, LONGEST_LINE)
        if original is None or original.open:
            raise InputError(
                f"{info.name} has a quotation mark that is never closed, near line {where}.",
                'Close it, or write "" for a quotation mark inside quotes.',
            )
