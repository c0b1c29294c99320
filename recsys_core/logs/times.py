"""How a column of text tells the time: unix seconds to nanoseconds, ISO 8601, or another way of dates."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import numpy as np
from numpy.typing import NDArray

from recsys_core.errors import InputError
from recsys_core.logs.reading import UTC_ZONE, DateOrder, Reading, TimeUnit

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""Events before this are taken for errors."""

_SCALES = {
    TimeUnit.SECONDS: 1,
    TimeUnit.MILLISECONDS: 10**3,
    TimeUnit.MICROSECONDS: 10**6,
    TimeUnit.NANOSECONDS: 10**9,
}
_LATEST_YEAR = datetime(2100, 1, 1, tzinfo=UTC)
_MOST_SECONDS = 9 * 10**9
"""Well beyond the latest year; what is larger would not fit into microseconds."""
_LEAST_SHARE = 0.5
_SURE_SHARE = 0.9
_MIXED_SHARE = 0.02
_CLOCKS = ("", " %H:%M:%S", " %H:%M", " %I:%M:%S %p", " %I:%M %p")
_DAYS = ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%y", "%d.%m.%y")
_OTHER_DATES = (
    "%Y%m%d",
    "%Y/%m/%d",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y年%m月%d日",
    "%m %d, %Y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%d %b %Y",
    "%d %B %Y",
    "%d-%b-%Y",
    "%d-%b-%Y %H:%M:%S",
    "%a %b %d %H:%M:%S %Y",
)
_NAMES_ZONE = re.compile(r"(Z|UTC|:\d{2}[.\d]*[+-]\d{2}(:?\d{2})?)$")
_EXAMPLE_LETTERS = {
    "%Y": "2024",
    "%y": "24",
    "%m": "01",
    "%d": "31",
    "%H": "18",
    "%I": "06",
    "%M": "05",
    "%S": "00",
    "%p": "PM",
    "%b": "Jan",
    "%B": "January",
    "%a": "Wed",
}


@dataclass(frozen=True)
class TimeReading:
    """``unit``: what was inferred, in words. ``sql``: DuckDB expression of a TIMESTAMPTZ (NULL where
    unreadable) with ``{value}`` for the text, in a session whose time zone is ``zone``. ``assumed``: whether
    the times name no zone and nobody said which.
    """

    unit: str
    sql: str
    zone: str = UTC_ZONE
    assumed: bool = False


@dataclass(frozen=True)
class _Way:
    """One way of telling time: whether it ``reads`` a text; ``naive`` where the text may name no zone."""

    unit: str
    sql: str
    reads: Callable[[str], bool]
    order: DateOrder = DateOrder.AUTO
    scale: int = 0
    naive: bool = False


def read_times(file: str, column: str, values: Sequence[str], reading: Reading | None = None) -> TimeReading:
    """How the times of a column are to be read, judged by a sample of its values and what people chose.

    Raises InputError where fewer than half of them can be read in any one way, where day and month cannot
    be told apart, or where two units are mixed.
    """
    reading = reading or Reading()
    texts = [value.strip() for value in values if value.strip()]
    ways = _ways(reading)
    _refuse_mixed_units(file, column, texts, ways)
    best = _best(texts, ways)
    shown = ", ".join(repr(value) for value in texts[:3])
    if not texts:
        raise InputError(
            f"The column {column!r} of {file} holds no time in its first rows: all are empty.",
            "Map time to another column, or export the log again with its times.",
        )
    if not best:
        raise InputError(
            f"No time can be read from the column {column!r} of {file}: {shown}.",
            "Map time to a column of unix seconds, or of dates like 2024-01-31 or 2024-01-31T12:00:00Z.",
        )
    if len({way.order for way in best}) > 1:
        raise InputError(
            f"Day and month cannot be told apart in the column {column!r} of {file}: {shown}.",
            "Say day-first or month-first, or write dates as YYYY-MM-DD.",
        )
    return _reading(best[0], texts, reading.zone)


def infer_reading(values: Sequence[str]) -> TimeReading | None:
    """The way of telling time that reads most of the non-empty ``values``, None where that is less than
    half of them.
    """
    texts = [value.strip() for value in values if value.strip()]
    best = _best(texts, _ways(Reading()))
    return _reading(best[0], texts, "") if best else None


def is_ambiguous(values: Sequence[str], reading: Reading) -> bool:
    """Whether day and month of these ``values`` cannot be told apart."""
    texts = [value.strip() for value in values if value.strip()]
    return len({way.order for way in _best(texts, _ways(reading))}) > 1


def latest() -> datetime:
    """Events at or after this moment, a day from now, are taken for errors."""
    return datetime.now(UTC) + timedelta(days=1)


def in_other_unit(numbers: NDArray[np.float64], unit: str) -> NDArray[np.bool_]:
    """(N,) which ``numbers`` would be times of our days in another unit than ``unit`` ("unix seconds")."""
    first, last = EARLIEST.timestamp(), _LATEST_YEAR.timestamp()
    others = [scale for name, scale in _SCALES.items() if f"unix {name}" != unit]
    found = [(numbers >= first * scale) & (numbers <= last * scale) for scale in others]
    other: NDArray[np.bool_] = np.logical_or.reduce(found)
    return other


def _reading(way: _Way, texts: Sequence[str], zone: str) -> TimeReading:
    naive = way.naive and not all(_NAMES_ZONE.search(text) for text in texts)
    if not naive:
        return TimeReading(way.unit, way.sql)
    return TimeReading(way.unit, way.sql, zone or UTC_ZONE, assumed=not zone)


def _best(texts: Sequence[str], ways: Sequence[_Way]) -> list[_Way]:
    """The ways that share the largest number of readable values."""
    for way in ways:  # the common case, without trying every way of dates
        if way.order is DateOrder.AUTO and sum(map(way.reads, texts)) > _SURE_SHARE * len(texts):
            return [way]
    counts = [(sum(way.reads(text) for text in texts), way) for way in ways]
    most = max(count for count, _ in counts)
    if most == 0 or most < _LEAST_SHARE * len(texts):
        return []
    return [way for count, way in counts if count == most]


def _refuse_mixed_units(file: str, column: str, texts: Sequence[str], ways: Sequence[_Way]) -> None:
    """Where every unit must be one, two of them that each read some values are an error of the export."""
    found = {way.unit: [t for t in texts if way.reads(t)] for way in ways if way.scale}
    often = {unit: read for unit, read in found.items() if len(read) > _MIXED_SHARE * len(texts)}
    if len(often) > 1:
        units = " and ".join(unit.removeprefix("unix ") for unit in often)
        examples = " and ".join(repr(read[0]) for read in often.values())
        raise InputError(
            f"The column {column!r} of {file} mixes {units}: {examples}.",
            "Write all times in one unit, or split the file by unit and import its parts one by one.",
        )


def _ways(reading: Reading) -> list[_Way]:
    unix = [_unix(unit, scale) for unit, scale in _SCALES.items() if reading.unit in (TimeUnit.AUTO, unit)]
    if reading.unit is not TimeUnit.AUTO:
        return unix
    iso = _Way("ISO 8601", "TRY_CAST({value} AS TIMESTAMPTZ)", _is_iso, naive=True)
    days = [day + clock for day in _DAYS for clock in _CLOCKS]
    day_first = [_date(format, DateOrder.DAY_FIRST) for format in days]
    month_first = [_date(_swapped(format), DateOrder.MONTH_FIRST) for format in days]
    chosen = {DateOrder.DAY_FIRST: day_first, DateOrder.MONTH_FIRST: month_first}
    return [*unix, iso, *chosen.get(reading.dates, [*day_first, *month_first]), *map(_date, _OTHER_DATES)]


def _swapped(format: str) -> str:
    return format.replace("%d", "%_").replace("%m", "%d").replace("%_", "%m")


def _unix(unit: TimeUnit, scale: int) -> _Way:
    micros = f"TRY_CAST(TRY_CAST({{value}} AS DOUBLE) * {10**6 / scale!r} AS BIGINT)"
    if scale > 10**6:  # a DOUBLE holds microseconds of our days, but not nanoseconds
        number, most = "TRY_CAST({value} AS BIGINT)", _MOST_SECONDS * scale
        fits = f"{number} BETWEEN {-most} AND {most} AND NOT contains({{value}}, '.')"  # the cast would round
        micros = f"coalesce(CASE WHEN {fits} THEN {number} // {scale // 10**6} END, {micros})"
    sql = f"make_timestamptz({micros})"
    return _Way(f"unix {unit}", sql, partial(_is_unix, scale=scale), scale=scale)


def _date(format: str, order: DateOrder = DateOrder.AUTO) -> _Way:
    example = format
    for letter, text in _EXAMPLE_LETTERS.items():
        example = example.replace(letter, text)
    sql = f"try_strptime({{value}}, '{format}')::TIMESTAMPTZ"
    told = f"dates like {example}" + (f", {order}" if order is not DateOrder.AUTO else "")
    return _Way(told, sql, partial(_is_date, format=format), order, naive=True)


def _is_unix(text: str, scale: int) -> bool:
    try:
        seconds = float(text) / scale
    except ValueError:
        return False
    return EARLIEST.timestamp() <= seconds < _LATEST_YEAR.timestamp()


def _is_iso(text: str) -> bool:
    if text.replace(".", "").isdecimal():
        return False
    try:
        datetime.fromisoformat(text.removesuffix(" UTC"))
    except ValueError:
        return False
    return True


def _is_date(text: str, format: str) -> bool:
    try:
        return datetime.strptime(text, format).year >= EARLIEST.year
    except ValueError:
        return False
