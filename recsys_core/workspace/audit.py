"""The audit: who did what, when, on what, and how it ended. Rows are added and never changed.

Written by the gate for every act that changes something, and for every refusal. It never holds an id of the
people in the data, so forgetting one of them leaves it as it is.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    Column,
    Engine,
    Index,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    Text,
    insert,
    inspect,
    select,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateIndex, CreateTable

from recsys_core.access import Actor
from recsys_core.workspace.database import reading, writing
from recsys_core.workspace.tables import UtcDateTime, now

AUDIT: Final = Table(
    "audit",
    MetaData(),
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", UtcDateTime, nullable=False),
    Column("who", Text, nullable=False),
    Column("role", String(16), nullable=False),
    Column("what", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("outcome", String(16), nullable=False),
    Index("audit_of_a_target", "target", "what", "id"),
    sqlite_autoincrement=True,
)
_ONLY_ADDED: Final = "The audit is only ever added to."
_GUARDS: Final = {
    "sqlite": tuple(
        f"CREATE TRIGGER IF NOT EXISTS audit_no_{act} BEFORE {act} ON audit "
        f"BEGIN SELECT RAISE(ABORT, '{_ONLY_ADDED}'); END"
        for act in ("UPDATE", "DELETE")
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION audit_only_added() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_ONLY_ADDED}'; END $$",
        "CREATE OR REPLACE TRIGGER audit_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_only_added()",
    ),
}


class Outcome(StrEnum):
    """How an act ended. ``begun``: an act that takes an admin is also written down before it is done."""

    BEGUN = "begun"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Entry:
    """One row. ``at``: UTC. ``what``: the act, e.g. "rename a model"; ``target``: on what; ``detail``: e.g.
    the new name, "" where there is nothing to say.
    """

    id: int
    at: datetime
    who: str
    role: str
    what: str
    target: str
    detail: str
    outcome: Outcome


def target_of(*values: object) -> str:
    """How what is acted on stands in the audit: ("shop", 2, None, 5) → "shop, 2, 5"."""
    return ", ".join(str(value) for value in values if value is not None)


def write(engine: Engine, actor: Actor, what: str, target: str, detail: str, outcome: Outcome) -> None:
    """Add a row."""
    row = {"who": actor.name, "role": str(actor.role), "what": what, "target": target, "detail": detail}
    with writing(engine) as session:
        make_audit(session)
        session.execute(insert(AUDIT), row | {"at": now(), "outcome": outcome})


def make_audit(session: Session) -> None:
    """Make the table and what guards it, where it is not there. Needs a ``writing`` session."""
    if _is_there(session):
        return
    session.execute(CreateTable(AUDIT, if_not_exists=True))
    for index in AUDIT.indexes:
        session.execute(CreateIndex(index, if_not_exists=True))
    for guard in _GUARDS.get(session.get_bind().dialect.name, ()):
        session.execute(sql(guard))


def entries(
    engine: Engine,
    who: str = "",
    what: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 1000,
) -> list[Entry]:
    """The newest ``limit`` rows, newest first. ``who``, ``what``: a part of the name, and of the act or its
    target, upper and lower case alike; from ``since`` up to, not including, ``until`` (UTC).
    """
    said = AUDIT.c.what.icontains(what, autoescape=True) | AUDIT.c.target.icontains(what, autoescape=True)
    query = select(AUDIT).where(AUDIT.c.who.icontains(who, autoescape=True), said)
    query = query.where(AUDIT.c.at >= since) if since else query
    query = query.where(AUDIT.c.at < until) if until else query
    return _read(engine, query.order_by(AUDIT.c.id.desc()).limit(limit))


def newest(engine: Engine, what: str, target: str) -> Entry | None:
    """Who did it last to this target; None where nobody did."""
    same = (AUDIT.c.what == what) & (AUDIT.c.target == target) & (AUDIT.c.outcome == Outcome.DONE)
    return next(iter(_read(engine, select(AUDIT).where(same).order_by(AUDIT.c.id.desc()).limit(1))), None)


def details_since(engine: Engine, who: str, what: str, since: datetime) -> list[str]:
    """The details of what somebody has done since a moment."""
    theirs = (AUDIT.c.who == who) & (AUDIT.c.what == what) & (AUDIT.c.outcome == Outcome.DONE)
    return [entry.detail for entry in _read(engine, select(AUDIT).where(theirs, AUDIT.c.at >= since))]


def _read(engine: Engine, query: Select[Any]) -> list[Entry]:
    with reading(engine) as session:
        rows = list(session.execute(query).mappings()) if _is_there(session) else []
    return [Entry(**{**row, "outcome": Outcome(row["outcome"])}) for row in rows]


def _is_there(session: Session) -> bool:
    return inspect(session.connection()).has_table(AUDIT.name)
