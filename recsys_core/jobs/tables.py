"""The two tables of the job ledger: jobs, which change, and events, which are only ever added to."""

import time
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Engine,
    Float,
    ForeignKey,
    Index,
    Inspector,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    insert,
    inspect,
)
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateIndex, CreateTable

from recsys_core.access import OWNER
from recsys_core.workspace.database import writing
from recsys_core.workspace.upgrading import add_column

METADATA = MetaData()

# Times are Unix seconds.
JOBS = Table(
    "jobs",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("kind", String(40), nullable=False),
    Column("title", Text, nullable=False),
    Column("params", JSON, nullable=False),
    Column("dataset", String(200), nullable=False, default=""),
    Column("status", String(20), nullable=False),
    Column("created", Float(53), nullable=False),
    Column("queued", Float(53), nullable=False),
    Column("started", Float(53)),
    Column("finished", Float(53)),
    Column("pid", Integer),
    Column("pid_started", Float(53)),
    Column("host", String(200), nullable=False, default=""),
    Column("heartbeat", Float(53)),
    Column("stage", Text, nullable=False, default=""),
    Column("done", Float(53), nullable=False, default=0.0),
    Column("total", Float(53), nullable=False, default=0.0),
    Column("message", Text, nullable=False, default=""),
    Column("error", Text, nullable=False, default=""),
    Column("remedy", Text, nullable=False, default=""),
    Column("result", JSON, nullable=False, default=dict),
    Column("device", String(40), nullable=False),
    Column("waits_for", Integer),
    Column("actor", Text, nullable=False, server_default=OWNER.name),
    Column("role", String(16), nullable=False, server_default=str(OWNER.role)),
    sqlite_autoincrement=True,
)

EVENTS = Table(
    "job_events",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("job_id", Integer, ForeignKey("jobs.id"), nullable=False),
    Column("at", Float(53), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("name", Text, nullable=False, default=""),
    Column("step", Integer),
    Column("value", Float(53)),
    Column("message", Text, nullable=False, default=""),
    Index("job_events_of_a_job", "job_id", "id"),
    sqlite_autoincrement=True,
)


def create_tables(engine: Engine) -> None:
    """Make what is missing; safe when several processes do it at once. Older jobs were the owner's."""
    if inspect(engine).has_table(EVENTS.name) and not _missing(inspect(engine)):
        return
    with writing(engine) as session:
        for table in METADATA.sorted_tables:
            session.execute(CreateTable(table, if_not_exists=True))
            for index in table.indexes:
                session.execute(CreateIndex(index, if_not_exists=True))
        for column in _missing(inspect(session.connection())):
            add_column(session.connection(), column)


def _missing(found: Inspector) -> list[Column[Any]]:
    there = {column["name"] for column in found.get_columns(JOBS.name)}
    return [column for column in JOBS.columns if column.name not in there]


def add_state(session: Session, job_id: int, status: str, message: str = "") -> None:
    """Add the event that a job has come to ``status``."""
    row = {"job_id": job_id, "at": time.time(), "kind": "state", "name": status, "message": message}
    session.execute(insert(EVENTS), row)
