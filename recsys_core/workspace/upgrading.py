"""Bringing the catalogue of an older Driftmap up to date.

| schema | what is new |
|---|---|
| 2 | ``stale`` on runs and results: a person was removed from the data that they were made from |
"""

from typing import Any, Final

from sqlalchemy import Column, Connection, inspect, text
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateColumn

from recsys_core.workspace.tables import SCHEMA_VERSION, Base, CounterRow

_ADDED: Final = {"runs": ("stale",), "results": ("stale",)}


def upgrade(session: Session) -> None:
    """Add the columns that are missing: all of them, or none where the process is killed.

    Needs a ``writing`` session. Where another process was faster, nothing is left to do.
    """
    schema = session.get_one(CounterRow, "schema", with_for_update=True)
    connection = session.connection()
    for name, columns in _ADDED.items():
        table = Base.metadata.tables[name]
        there = {column["name"] for column in inspect(connection).get_columns(name)}
        for column in columns:
            if column not in there:
                add_column(connection, table.c[column])
    schema.last = max(schema.last, SCHEMA_VERSION)


def add_column(connection: Connection, column: Column[Any]) -> None:
    """Add a column to its table, which has a default for the rows that are there."""
    preparer = connection.dialect.identifier_preparer
    described = CreateColumn(column).compile(dialect=connection.dialect)
    connection.execute(text(f"ALTER TABLE {preparer.format_table(column.table)} ADD COLUMN {described}"))
