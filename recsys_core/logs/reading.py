"""How a file is to be read where its look is doubtful or wrong: what people may choose."""

import codecs
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from recsys_core.errors import InputError

UTC_ZONE = "UTC"

Choice = TypeVar("Choice", bound=StrEnum)


class FileKind(StrEnum):
    """What a file tells of; ``other`` is recognised and left out, as a list of links is."""

    INTERACTIONS = "interactions"
    ITEMS = "items"
    PEOPLE = "people"
    OTHER = "other"


class LogFormat(StrEnum):
    """What the user says a file is; ``auto`` looks into it."""

    AUTO = "auto"
    CSV = "csv"
    TSV = "tsv"
    JSONL = "jsonl"
    PARQUET = "parquet"
    MOVIELENS = "movielens"
    AMAZON = "amazon"
    MIND = "mind"
    RECBOLE = "recbole"
    GA4 = "ga4"
    SEGMENT = "segment"
    HM = "hm"

    @classmethod
    def parse(cls, text: str) -> "LogFormat":
        """The format by its name. Raises InputError naming the formats there are."""
        try:
            return cls(text.strip().lower())
        except ValueError as error:
            raise InputError(f"{text!r} is not a format.", f"Take one of: {', '.join(cls)}.") from error


class DateOrder(StrEnum):
    """Which comes first in dates like 03/04/2024; ``auto`` looks for a day above 12."""

    AUTO = "auto"
    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


class TimeUnit(StrEnum):
    """The unit of numbers that are times; ``auto`` goes by their size."""

    AUTO = "auto"
    SECONDS = "seconds"
    MILLISECONDS = "milliseconds"
    MICROSECONDS = "microseconds"
    NANOSECONDS = "nanoseconds"


@dataclass(frozen=True)
class Reading:
    """The choices for one file; the defaults leave all to what is detected.

    ``encoding``: a Python codec, "" to guess. ``delimiter``: "" to guess. ``zone``: IANA name of the time
    zone of times that name none, "" for UTC, which is then told as an assumption.
    """

    format: LogFormat = LogFormat.AUTO
    encoding: str = ""
    delimiter: str = ""
    zone: str = ""
    dates: DateOrder = DateOrder.AUTO
    unit: TimeUnit = TimeUnit.AUTO

    @classmethod
    def parse(
        cls,
        format: str = "auto",
        encoding: str = "",
        delimiter: str = "",
        zone: str = "",
        dates: str = "auto",
        unit: str = "auto",
    ) -> "Reading":
        """From the words of a command line or a job. Raises InputError for what does not exist."""
        return cls(
            LogFormat.parse(format),
            _codec(encoding),
            delimiter.replace(r"\t", "\t"),
            _zone(zone),
            _one_of(DateOrder, dates, "order of dates"),
            _one_of(TimeUnit, unit, "unit of time"),
        )


def _codec(encoding: str) -> str:
    """Its name, where it is one that text can be read in: Python also knows base64 and the like."""
    if not encoding:
        return ""
    try:
        "".encode(encoding)
        codecs.getincrementaldecoder(encoding)("surrogateescape").decode(b"a")
        return codecs.lookup(encoding).name
    except (LookupError, UnicodeError) as error:
        raise InputError(
            f"There is no text encoding {encoding!r}.",
            "Take one of: utf-8, utf-16, cp1252, gb18030, shift_jis, or another one that Python knows.",
        ) from error


def _zone(zone: str) -> str:
    try:
        return ZoneInfo(zone).key if zone else ""
    except (ValueError, OSError, KeyError) as error:
        raise InputError(
            f"There is no time zone {zone!r}.", "Name one like UTC, Europe/Paris or Asia/Tokyo."
        ) from error


def _one_of(kinds: type[Choice], text: str, what: str) -> Choice:
    try:
        return kinds(text.strip().lower())
    except ValueError as error:
        raise InputError(f"{text!r} is no {what}.", f"Take one of: {', '.join(kinds)}.") from error
