"""The types of columns for which SQLite and PostgreSQL would not keep the same."""

import json
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, String, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

Count: Final = BigInteger().with_variant(Integer(), "sqlite")
"""A count that may pass 2³¹; SQLite's integers always may."""


def now() -> datetime:
    """This moment, UTC."""
    return datetime.now(UTC)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC; it goes in and comes out as UTC, whatever zone a server or a session has."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To naive UTC; a naive moment is refused, since nobody knows what it means."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone; use UTC.")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From naive UTC."""
        del dialect
        return None if value is None else value.replace(tzinfo=UTC)


class Document(TypeDecorator[Any]):
    """A JSON document. PostgreSQL's own type refuses NaN, which a metric may be, so there it is text."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text in PostgreSQL, JSON in SQLite."""
        return dialect.type_descriptor(String() if dialect.name == "postgresql" else JSON())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Only ASCII goes in: any other character, and NUL, is escaped."""
        return json.dumps(value) if dialect.name == "postgresql" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """As it went in."""
        return json.loads(value) if dialect.name == "postgresql" and value is not None else value


class Words(TypeDecorator[str]):
    """Text that may quote anything: a line of a file, its name, what a library said.

    PostgreSQL takes no NUL and neither database half a surrogate pair (Python's way to hold a file's name
    that is no UTF-8), so a replacement stands for them.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Without what cannot be kept."""
        del dialect
        if value is None:
            return None
        return value.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode("utf-8")
