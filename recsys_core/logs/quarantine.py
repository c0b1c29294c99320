"""Rows that cannot be used: how they are kept, counted and told."""

from collections.abc import Mapping
from typing import Final

import pyarrow as pa

LARGEST = 100_000
"""At most so many bad rows of one file are set aside; all are counted."""

FILE: Final = "file"
LINE: Final = "line"
COLUMN: Final = "column"
VALUE: Final = "value"
REASON: Final = "reason"
TEXT: Final = "text"
QUARANTINE_COLUMNS: Final = (FILE, LINE, COLUMN, VALUE, REASON, TEXT)
"""``line``: from 1, in the file; ``column``: at fault, null for the whole line; ``text``: the line as it
stands in the file, null where users are to be pseudonyms."""

SCHEMA = pa.schema([(name, pa.int64() if name == LINE else pa.string()) for name in QUARANTINE_COLUMNS])
LONGEST_TEXT = 2000
"""Letters of a bad line that are kept."""

MALFORMED: Mapping[str, str] = {
    "MISSING COLUMNS": "too few columns",
    "TOO MANY COLUMNS": "too many columns",
    "INVALID ENCODING": "not valid text",
    "UNQUOTED VALUE": "quotation mark inside a cell",
}
"""DuckDB's kind of a malformed line → the reason; any other kind is "malformed line"."""


def tell_reasons(reasons: Mapping[str, int]) -> str:
    """``{"no time": 3, "no user id": 1}`` → "3 no time, 1 no user id", the most frequent first."""
    ordered = sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))
    return ", ".join(f"{count:,} {reason}" for reason, count in ordered)
