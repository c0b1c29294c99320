"""What a row must be to be an event: declared once, checked batch by batch with pandera."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recsys_core.columns import DOMAIN, ITEM_ID, TIMESTAMP, USER_ID, WEIGHT
from recsys_core.logs.names import is_name
from recsys_core.logs.times import EARLIEST

if TYPE_CHECKING:
    from pandera.pandas import DataFrameSchema

NO_LINE: Final = "no_line"
"""True where a line of a JSON file is no object."""
TIME_TEXT: Final = "time_text"
WEIGHT_TEXT: Final = "weight_text"
OTHER_UNIT: Final = "other_unit"
"""True where a number would be a time of our days in another unit than the rest of the column."""

GOOD = 0
_NULL = "not_nullable"
_RANGE = "in_range"
_FAULTS: Mapping[tuple[str, str], tuple[str, str]] = {
    (NO_LINE, "object"): ("", "not a JSON object"),
    (USER_ID, _NULL): ("user", "no user id"),
    (ITEM_ID, _NULL): ("item", "no item id"),
    (DOMAIN, _NULL): ("domain", "no domain"),
    (DOMAIN, "name"): ("domain", "not a name for a domain"),
    (TIME_TEXT, "there"): ("time", "no time"),
    (OTHER_UNIT, "same"): ("time", "in another unit than the rest"),
    (TIMESTAMP, _NULL): ("time", "not a time"),
    (TIMESTAMP, _RANGE): ("time", "before 1990 or in the future"),
    (WEIGHT, _NULL): ("weight", "not a number of at least 0"),
    (WEIGHT, _RANGE): ("weight", "not a number of at least 0"),
}
"""Column and check → the role at fault ("" for the whole line), the reason; the first that fails counts."""

FAULTS: Mapping[int, tuple[str, str]] = dict(enumerate(_FAULTS.values(), start=1))
"""Code of a bad row → the role at fault, the reason."""

_CODES = {check: code for code, check in enumerate(_FAULTS, start=1)}


def event_schema(until: datetime) -> "DataFrameSchema":
    """The rules of one parsed batch; events at or after ``until`` are in the future.

    ``timestamp`` is null where a time cannot be read; ``time_text`` is then what stands there, and null
    for an empty cell.
    """
    from pandera.pandas import Check, Column, DataFrameSchema

    times = Check.in_range(_moment(EARLIEST), _moment(until), include_max=False)
    weights = Check.in_range(0, float(np.finfo(np.float32).max))
    return DataFrameSchema(
        {
            NO_LINE: Column(bool, Check(lambda lost: ~lost, name="object"), required=False),
            USER_ID: Column(nullable=False),
            ITEM_ID: Column(nullable=False),
            DOMAIN: Column(checks=Check(_are_names, name="name"), nullable=False),
            OTHER_UNIT: Column(bool, Check(lambda other: ~other, name="same"), required=False),
            TIMESTAMP: Column(checks=times, nullable=False),
            WEIGHT: Column(checks=weights, nullable=False),
        }
    )


def judge(batch: pd.DataFrame, schema: "DataFrameSchema") -> NDArray[np.uint8]:
    """(N,) for each row of a parsed batch 0 where it is good, else the code of its fault in ``FAULTS``."""
    from pandera.errors import SchemaErrors

    verdict = np.full(len(batch), GOOD, dtype=np.uint8)
    try:
        schema.validate(batch, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases
        checks = list(zip(cases["column"], cases["check"], strict=True))
        codes = np.array([_CODES[_named(check)] for check in checks], dtype=np.uint8)
        rows = cases["index"].to_numpy(np.int64)
        worst_last = np.argsort(-codes.astype(np.int64), kind="stable")
        verdict[rows[worst_last]] = codes[worst_last]  # the lowest code, written last, counts
        unread = np.flatnonzero(verdict == _CODES[TIMESTAMP, _NULL])
        empty = unread[batch[TIME_TEXT].iloc[unread].isna().to_numpy()]
        verdict[empty] = _CODES[TIME_TEXT, "there"]
    return verdict


def _are_names(domains: pd.Series) -> pd.Series:
    """Whether each of a categorical column can name a domain; each name is looked at once."""
    good = np.array([is_name(str(name)) for name in domains.cat.categories], dtype=np.bool_)
    return pd.Series(good[domains.cat.codes], index=domains.index)


def _named(check: tuple[str, str]) -> tuple[str, str]:
    """Which of our checks it is: pandera tells one by its name, with its bounds behind it."""
    column, name = check
    return column, next(known for col, known in _CODES if col == column and name.startswith(known))


def _moment(moment: datetime) -> pd.Timestamp:
    return pd.Timestamp(moment).as_unit("us")
