"""The rows of a catalogue copied into an empty one, be either in SQLite or on PostgreSQL."""

from typing import Final

from sqlalchemy import Connection, Table, delete, func, insert, select, text

from recsys_core.jobs.tables import EVENTS, JOBS
from recsys_core.workspace.audit import AUDIT
from recsys_core.workspace.feedback import FEEDBACK
from recsys_core.workspace.membership import MEMBERS
from recsys_core.workspace.releases import RELEASES
from recsys_core.workspace.tables import Base, CounterRow, DatasetRow, ResultRow, RunRow
from recsys_core.workspace.tokens import TOKENS

_OWN: Final = tuple(Base.metadata.tables[row.__tablename__] for row in (DatasetRow, RunRow, ResultRow))
COPIED: Final[tuple[Table, ...]] = (*_OWN, JOBS, EVENTS, FEEDBACK, TOKENS, AUDIT, RELEASES, MEMBERS)
"""Of whatever else there is, each catalogue has its own: the mark of its folder, its revision."""
_COUNTERS: Final = Base.metadata.tables[CounterRow.__tablename__]
_AT_ONCE: Final = 1000


def is_empty(catalogue: Connection) -> bool:
    """Whether nothing has been kept in it yet."""
    return not any(catalogue.scalar(select(func.count()).select_from(table)) for table in COPIED)


def copy_rows(source: Connection, target: Connection) -> None:
    """Every row as it is, under the same number. ``target`` is empty, of the same revision and in a
    transaction of its own.
    """
    target.execute(delete(_COUNTERS))
    for table in (_COUNTERS, *COPIED):
        rows = source.execute(select(table), execution_options={"stream_results": True}).mappings()
        for some in rows.partitions(_AT_ONCE):
            target.execute(insert(table), [dict(row) for row in some])
        _go_on_counting(target, table)


def _go_on_counting(target: Connection, table: Table) -> None:
    """PostgreSQL numbers new rows by a sequence, which rows that bring their number along do not move."""
    column = table.autoincrement_column
    if target.dialect.name != "postgresql" or column is None:
        return
    largest = target.scalar(select(func.max(column)))
    if largest is not None:
        sequence = text("SELECT setval(pg_get_serial_sequence(:table, :column), :largest)")
        target.execute(sequence, {"table": table.name, "column": column.name, "largest": largest})
