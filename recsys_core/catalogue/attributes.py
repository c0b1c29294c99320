"""The attributes of items that tell them apart, and what they hold."""

import warnings
from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recsys_core.columns import IMAGE, ITEM_COLUMNS

_LOOKED_AT = 20_000
_MOSTLY = 0.9
_FEWEST_ALIKE = 0.02
_YEAR = r"(18|19|20)\d\d"


class Holds(StrEnum):
    """What an attribute holds."""

    NUMBERS = "numbers"
    DATES = "dates"
    KINDS = "kinds"


def attributes_of(items: pd.DataFrame) -> dict[str, Holds]:
    """Every attribute that tells items apart, with what it holds; in the order of the columns.

    Told from up to 20,000 rows spread over all. Left out: what is the same or empty everywhere, and texts
    that hardly ever repeat (descriptions, addresses), which no colour could tell apart.
    """
    every = items.iloc[:: max(1, len(items) // _LOOKED_AT)]
    columns = [column for column in items.columns if column not in (*ITEM_COLUMNS, IMAGE)]
    found = {str(column): _holds(every[column]) for column in columns}
    return {column: holds for column, holds in found.items() if holds is not None}


def numbers_in(values: pd.Series) -> NDArray[np.float64]:
    """(N,) what can be read as a number; NaN elsewhere."""
    numbers = pd.to_numeric(values.astype("string"), errors="coerce")
    return numbers.to_numpy(np.float64, na_value=np.nan)


def days_in(values: pd.Series) -> NDArray[np.float64]:
    """(N,) days since 1970 of what can be read as a date; NaN elsewhere."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a text that is no date is an answer here
        times = pd.to_datetime(values.astype("string"), errors="coerce", utc=True, format="ISO8601")
    days = (times - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(days=1)
    return np.asarray(days.to_numpy(np.float64, na_value=np.nan), np.float64)


def _holds(values: pd.Series) -> Holds | None:
    text = values.astype("string").str.strip()
    known = values[(text != "").fillna(False)]
    n_different = text[known.index].nunique()
    if n_different < 2:
        return None
    if np.isfinite(numbers_in(known)).mean() >= _MOSTLY:
        if text[known.index].str.fullmatch(_YEAR).mean() >= _MOSTLY:
            return Holds.DATES
        return Holds.NUMBERS if n_different > 8 or pd.api.types.is_float_dtype(known) else Holds.KINDS
    if np.isfinite(days_in(known)).mean() >= _MOSTLY:
        return Holds.DATES
    commonest = text[known.index].value_counts().iloc[:8].sum()
    return Holds.KINDS if commonest >= max(9, _FEWEST_ALIKE * len(known)) or n_different <= 8 else None
