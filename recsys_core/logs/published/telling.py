"""What a format is told by: columns that are all there, and values that fit."""

from collections.abc import Iterable

import pandas as pd

from recsys_core.logs.heads import Head

NESTED = ("json", "parquet")
"""The kinds of files whose cells may hold lists and structs."""


def has(head: Head, columns: Iterable[str]) -> bool:
    """Whether the file names its columns and all of ``columns`` are among them."""
    named = head.has_header or head.kind in NESTED
    return named and set(columns) <= set(head.sample.columns)


def mostly(cells: pd.Series, pattern: str, least: float = 0.5) -> bool:
    """Whether more than the fraction ``least`` of the cells are wholly as the regular expression says."""
    return bool(cells.str.fullmatch(pattern).mean() > least)


def lacking(head: Head, columns: Iterable[str]) -> tuple[str, ...]:
    """Those of ``columns`` that the first lines of a JSON file lack and later ones may have."""
    return tuple(columns) if head.kind == "json" else ()
