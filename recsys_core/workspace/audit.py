"""The audit: who did what, when, on what, and how it ended. Rows are added and never changed, which the
database sees to.

Written by the gate for every act that changes something, and for every refusal. It never holds an id of the
people in the data, so forgetting one of them leaves it as it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Column, Engine, Index, Integer, Select, String, Table, insert, select

from recsys_core.access import Actor
from recsys_core.workspace.column_types import UtcDateTime, Words, now
from recsys_core.workspace.database import reading, writing
from recsys_core.workspace.tables import Base

AUDIT: Final = Table(
    "audit",
    Base.metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", UtcDateTime, nullable=False),
    Column("who", Words, nullable=False),
    Column("role", String(16), nullable=False),
    Column("what", Words, nullable=False),
    Column("target", Words, nullable=False),
    Column("detail", Words, nullable=False),
    Column("outcome", String(16), nullable=False),
    Index("audit_of_a_target", "target", "what", "id"),
    sqlite_autoincrement=True,
)


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
        session.execute(insert(AUDIT), row | {"at": now(), "outcome": outcome})


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


def newest(engine: Engine, acts: Sequence[str], target: str) -> Entry | None:
    """Who did one of these acts last to this target; None where nobody did."""
    same = AUDIT.c.what.in_(acts) & (AUDIT.c.target == target) & (AUDIT.c.outcome == Outcome.DONE)
    return next(iter(_read(engine, select(AUDIT).where(same).order_by(AUDIT.c.id.desc()).limit(1))), None)


def details_since(engine: Engine, who: str, what: str, since: datetime) -> list[str]:
    """The details of what somebody has done since a moment."""
    theirs = (AUDIT.c.who == who) & (AUDIT.c.what == what) & (AUDIT.c.outcome == Outcome.DONE)
    return [entry.detail for entry in _read(engine, select(AUDIT).where(theirs, AUDIT.c.at >= since))]


def _read(engine: Engine, query: Select[Any]) -> list[Entry]:
    with reading(engine) as session:
        rows = list(session.execute(query).mappings())
    return [Entry(**{**row, "outcome": Outcome(row["outcome"])}) for row in rows]
