"""Dates like 03/04/2024: whether the file tells which comes first, and what each order would make of them."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

import pandas as pd
import streamlit as st

from recsys_core.errors import DriftmapError
from recsys_core.logs.formats import FileInfo
from recsys_core.logs.heads import DEEP_ROWS, is_parquet, parquet_head, text_head
from recsys_core.logs.reading import DateOrder
from recsys_core.logs.times import is_ambiguous

MOST_TELLING: Final = 20
_TWO_NUMBERS: Final = re.compile(r"\s*(\d{1,2})\D+(\d{1,2})\D+(\d{2,4})")


def time_values(info: FileInfo, column: str) -> list[str]:
    """The sampled times; where day and month are alike in all of them, also some from the first 20,000 rows
    that tell.
    """
    values: list[str] = info.sample[column].tolist()
    if info.view or not is_ambiguous(values, info.reading):
        return values
    return [*values, *_telling(info, column, info.path.stat().st_mtime_ns)]


def order_examples(values: Sequence[str]) -> dict[DateOrder, str]:
    """What each order makes of the first date in which it matters: "03/04/2024 is 3 April 2024"."""
    for value in values:
        found = _TWO_NUMBERS.match(value)
        if found is None or found[1] == found[2]:
            continue
        first, second, year = (int(number) for number in found.groups())
        year += 2000 if year < 100 else 0
        if max(first, second) <= 12 and min(first, second) >= 1:
            text = found[0].strip()
            return {
                DateOrder.DAY_FIRST: f"{text} is {first} {date(year, second, 1):%B %Y}",
                DateOrder.MONTH_FIRST: f"{text} is {second} {date(year, first, 1):%B %Y}",
            }
    return {DateOrder.DAY_FIRST: "day/month/year", DateOrder.MONTH_FIRST: "month/day/year"}


@st.cache_data(max_entries=64, show_spinner=False)
def _telling(info: FileInfo, column: str, changed: int) -> list[str]:
    """Some times with a number above 12 in the first or the second place."""
    del changed  # only tells another file of the same name
    try:
        head = (
            parquet_head(info.path, info.name, DEEP_ROWS)
            if is_parquet(info.path)
            else text_head(info.path, info.name, info.reading, DEEP_ROWS)
        )
    except DriftmapError:
        return []
    times = head.sample[column] if column in head.sample else pd.Series(dtype=str)
    numbers = times.str.extract(_TWO_NUMBERS)[[0, 1]].apply(pd.to_numeric, errors="coerce")
    telling: list[str] = times[(numbers > 12).any(axis="columns")].head(MOST_TELLING).tolist()
    return telling
