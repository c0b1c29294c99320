"""The two tables of the job ledger: jobs, which change, and events, which are only ever added to."""

import time

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, String, Table, insert
from sqlalchemy.orm import Session

from recsys_core.access import OWNER
from recsys_core.workspace.column_types import Document, Words
from recsys_core.workspace.tables import Base

# Times are Unix seconds.
JOBS = Table(
    "jobs",
    Base.metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("kind", String(40), nullable=False),
    Column("title", Words, nullable=False),
    Column("params", Document, nullable=False),
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
    Column("stage", Words, nullable=False, default=""),
    Column("done", Float(53), nullable=False, default=0.0),
    Column("total", Float(53), nullable=False, default=0.0),
    Column("message", Words, nullable=False, default=""),
    Column("error", Words, nullable=False, default=""),
    Column("remedy", Words, nullable=False, default=""),
    Column("result", Document, nullable=False, default=dict),
    Column("device", String(40), nullable=False),
    Column("waits_for", Integer),
    Column("actor", Words, nullable=False, server_default=OWNER.name),
    Column("role", String(16), nullable=False, server_default=str(OWNER.role)),
    sqlite_autoincrement=True,
)

EVENTS = Table(
    "job_events",
    Base.metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("job_id", Integer, ForeignKey("jobs.id"), nullable=False),
    Column("at", Float(53), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("name", Words, nullable=False, default=""),
    Column("step", Integer),
    Column("value", Float(53)),
    Column("message", Words, nullable=False, default=""),
    Index("job_events_of_a_job", "job_id", "id"),
    sqlite_autoincrement=True,
)


def add_state(session: Session, job_id: int, status: str, message: str = "") -> None:
    """Add the event that a job has come to ``status``."""
    row = {"job_id": job_id, "at": time.time(), "kind": "state", "name": status, "message": message}
    session.execute(insert(EVENTS), row)
