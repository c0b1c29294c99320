"""Who has which role in a workspace: as its team says, else as the settings say for the whole house.

The team is asked anew at each act, so that a role that was taken away counts at once.
"""

from dataclasses import replace
from typing import Final

from sqlalchemy import Column, Engine, String, Table, select

from recsys_core.access import Actor, Role, in_house, names_of
from recsys_core.workspace.column_types import UtcDateTime, Words
from recsys_core.workspace.database import reading
from recsys_core.workspace.tables import Base

LONGEST: Final = 320  # of an e-mail address
MEMBERS: Final = Table(
    "members",
    Base.metadata,
    Column("person", String(LONGEST), primary_key=True),
    Column("role", String(16), nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("added_by", Words, nullable=False),
)


def only_in(engine: Engine, asks: Actor) -> Actor:
    """Somebody whose role counts in this catalogue and nowhere else."""
    return replace(asks, within=str(engine.url))


def standing(engine: Engine | None, asks: Actor) -> Actor:
    """Somebody with the role that they have in the workspace of a catalogue; None: outside of any.

    Who is in its team by their own address has that role, else that of their domain; where there is no team,
    the one in the house.
    """
    if engine is None:
        return in_house(asks)
    if asks.within is not None:
        return asks if asks.within == str(engine.url) else replace(asks, role=Role.NOBODY)
    if not asks.email or asks.is_admin_everywhere:
        return asks
    role = _in_team(engine, asks.email)
    return asks if role is None else replace(asks, role=role)


def _in_team(engine: Engine, email: str) -> Role | None:
    """The role in the team, None where there is no team."""
    names = names_of(email)
    with reading(engine) as session:
        rows = session.execute(select(MEMBERS.c.person, MEMBERS.c.role).where(MEMBERS.c.person.in_(names)))
        found = {person: Role[role.upper()] for person, role in rows}
        if not found and session.scalar(select(MEMBERS.c.person).limit(1)) is None:
            return None
    return next((found[name] for name in names if name in found), Role.NOBODY)
