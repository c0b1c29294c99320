"""Rows that cannot be used: why, and how they are counted and told."""

from collections.abc import Mapping
from typing import Final

LARGEST = 100_000
"""At most so many bad rows of one file are set aside; all are counted."""

FILE: Final = "file"
LINE: Final = "line"
COLUMN: Final = "column"
VALUE: Final = "value"
REASON: Final = "reason"
QUARANTINE_COLUMNS: Final = (FILE, LINE, COLUMN, VALUE, REASON)

REASONS: Mapping[int, tuple[str, str]] = {
    1: ("user", "no user id"),
    2: ("item", "no item id"),
    3: ("domain", "no domain"),
    4: ("domain", "not a name for a domain"),
    5: ("time", "no time"),
    6: ("time", "not a time"),
    7: ("time", "before 1990 or in the future"),
    8: ("weight", "not a number of at least 0"),
    9: ("", "not a JSON object"),
}
"""Code of a bad row → the role of the column at fault ("" for the whole line), the reason."""

MALFORMED: Mapping[str, str] = {
    "MISSING COLUMNS": "too few columns",
    "TOO MANY COLUMNS": "too many columns",
    "INVALID ENCODING": "not valid UTF-8",
}
"""DuckDB's kind of a malformed line → the reason; any other kind is "malformed line"."""


def tell_reasons(reasons: Mapping[str, int]) -> str:
    """``{"no time": 3, "no user id": 1}`` → "3 no time, 1 no user id", the most frequent first."""
    ordered = sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))
    return ", ".join(f"{count:,} {reason}" for reason, count in ordered)
