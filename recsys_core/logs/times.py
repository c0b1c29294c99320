"""How a column of text tells the time: unix seconds to nanoseconds, ISO 8601, or another way of dates."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from recsys_core.errors import InputError

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""Events before this are taken for errors."""

_UNITS = (("seconds", 1), ("milliseconds", 10**3), ("microseconds", 10**6), ("nanoseconds", 10**9))
_LATEST_YEAR = datetime(2100, 1, 1, tzinfo=UTC)
_LEAST_SHARE = 0.5
_DATE_FORMATS = (
    "%Y%m%d",
    "%m/%d/%Y",
    "%d/%m/%Y",
    "%m/%d/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
    "%d/%m/%Y %H:%M",
    "%d.%m.%Y",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%Y/%m/%d",
    "%Y/%m/%d %H:%M:%S",
    "%m %d, %Y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%d %b %Y",
)


@dataclass(frozen=True)
class TimeReading:
    """``unit``: what was inferred, in words; ``sql``: DuckDB expression of a TIMESTAMP in UTC (NULL where
    unreadable) with ``{value}`` for the text, in a session whose time zone is UTC.
    """

    unit: str
    sql: str


def read_times(file: str, column: str, values: Sequence[str]) -> TimeReading:
    """How the times of a column are to be read, judged by a sample of its values.

    Raises InputError where fewer than half of them can be read in any one way, or where day and month
    cannot be told apart.
    """
    best = _best_readings(values)
    shown = ", ".join(repr(value) for value in values[:3])
    if not best:
        raise InputError(
            f"No time can be read from the column {column!r} of {file}: {shown}.",
            "Map time to a column of unix seconds, or of dates like 2024-01-31 or 2024-01-31T12:00:00Z.",
        )
    if len(best) > 1 and any("%d/%m" in reading.unit for reading in best):
        raise InputError(
            f"Day and month cannot be told apart in the column {column!r} of {file}: {shown}.",
            "Write dates as YYYY-MM-DD.",
        )
    return best[0]


def infer_reading(values: Sequence[str]) -> TimeReading | None:
    """The way of telling time that reads most of the non-empty ``values``, None where that is less than
    half of them.
    """
    best = _best_readings(values)
    return best[0] if best else None


def _best_readings(values: Sequence[str]) -> list[TimeReading]:
    """The readings that share the largest number of readable values."""
    texts = [value.strip() for value in values if value.strip()]
    counts = [(sum(reads(text) for text in texts), reading) for reads, reading in _ways()]
    most = max(count for count, _ in counts)
    if most == 0 or most < _LEAST_SHARE * len(texts):
        return []
    return [reading for count, reading in counts if count == most]


def _ways() -> list[tuple[Callable[[str], bool], TimeReading]]:
    unix = [(partial(_is_unix, scale=scale), _unix_reading(unit, scale)) for unit, scale in _UNITS]
    iso = TimeReading("ISO 8601", "TRY_CAST({value} AS TIMESTAMPTZ)::TIMESTAMP")
    dates = [(partial(_is_date, format=format), _date_reading(format)) for format in _DATE_FORMATS]
    return [*unix, (_is_iso, iso), *dates]


def latest() -> datetime:
    """Events at or after this moment, a day from now, are taken for errors."""
    return datetime.now(UTC) + timedelta(days=1)


def _unix_reading(unit: str, scale: int) -> TimeReading:
    micros = f"* {10**6 // scale}" if scale <= 10**6 else f"// {scale // 10**6}"
    whole = f"TRY_CAST({{value}} AS BIGINT) {micros}"
    broken = f"TRY_CAST(TRY_CAST({{value}} AS DOUBLE) * {10**6 / scale!r} AS BIGINT)"
    return TimeReading(f"unix {unit}", f"make_timestamp(coalesce({whole}, {broken}))")


def _date_reading(format: str) -> TimeReading:
    return TimeReading(f"dates like {format}", f"try_strptime({{value}}, '{format}')")


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
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_date(text: str, format: str) -> bool:
    try:
        return datetime.strptime(text, format).year >= EARLIEST.year
    except ValueError:
        return False
