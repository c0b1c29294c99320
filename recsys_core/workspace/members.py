"""The team of a workspace: who is in it, seen and changed by its admins. A workspace without one goes by the
settings; one that was begun stays, and always has an admin.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import RowMapping, delete, insert, select, update
from sqlalchemy.orm import Session

from recsys_core.access import Role, actor
from recsys_core.errors import InputError, NotFoundError
from recsys_core.settings import PERSON
from recsys_core.workspace.column_types import now
from recsys_core.workspace.conflicts import check_seen
from recsys_core.workspace.database import reading, writing
from recsys_core.workspace.gate import changes, takes
from recsys_core.workspace.membership import LONGEST, MEMBERS
from recsys_core.workspace.records import ANY, AnyValue
from recsys_core.workspace.workspace import Workspace

ADD: Final = "add a member"
CHANGE: Final = "change the role of a member"
REMOVE: Final = "remove a member"


@dataclass(frozen=True)
class Member:
    """``person``: an e-mail address, or all of a domain, ``*@example.org``, in lower case; ``since``: when
    they were given the role, UTC; ``added_by``: by whom.
    """

    person: str
    role: Role
    since: datetime
    added_by: str


@takes(Role.ADMIN, "see the team")
def team(ws: Workspace) -> list[Member]:
    """Everybody in the team of the workspace, admins first, then by name; [] where it has no team."""
    with reading(ws.engine) as session:
        found = [_member(row) for row in session.execute(select(MEMBERS)).mappings()]
    return sorted(found, key=lambda member: (-member.role, member.person))


@changes(Role.ADMIN, ADD, on=("person",), detail="role")
def add_member(ws: Workspace, person: str, role: Role) -> Member:
    """Take somebody into the team; the first one begins it. Raises InputError for what is no address, for
    who is in it already, and where there would be no admin.
    """
    person = _address(person)
    row = {"person": person, "role": str(role), "since": now(), "added_by": actor().name}
    with writing(ws.engine) as session:
        if (there := _find(session, person)) is not None:
            raise InputError(
                f"{person} is in the team already, as {there.role} by {there.added_by}.",
                "Change the role instead.",
            )
        session.execute(insert(MEMBERS), row)
        _check_has_admin(
            session, f"The first of a team is its admin, and {person} would be {role}.", "Add an admin first."
        )
    return _member(row)


@changes(Role.ADMIN, CHANGE, on=("person",), detail="role")
def change_member(ws: Workspace, person: str, role: Role, seen: Role | AnyValue = ANY) -> Member:
    """Give a member another role. ``seen``: the role they had when this was decided. Raises NotFoundError,
    ConflictError where that has changed, InputError where there would be no admin.
    """
    person = _address(person)
    with writing(ws.engine) as session:
        _check_member(ws, session, person, seen)
        values = {"role": str(role), "since": now(), "added_by": actor().name}
        session.execute(update(MEMBERS).where(MEMBERS.c.person == person).values(values))
        _check_not_last(session, person)
    return _member({"person": person, **values})


@changes(Role.ADMIN, REMOVE, on=("person",))
def remove_member(ws: Workspace, person: str, seen: Role | AnyValue = ANY) -> None:
    """Take somebody out of the team, which counts at once. ``seen``: as in ``change_member``, and so is what
    is raised.
    """
    person = _address(person)
    with writing(ws.engine) as session:
        _check_member(ws, session, person, seen)
        session.execute(delete(MEMBERS).where(MEMBERS.c.person == person))
        _check_not_last(session, person)


def _address(text: str) -> str:
    address = text.strip().casefold()
    if not PERSON.fullmatch(address) or not address.isprintable() or len(address) > LONGEST:
        raise InputError(
            f"{text!r} is no e-mail address.",
            "Name a person as ada@example.org, or all of a domain as *@example.org.",
        )
    return address


def _check_member(ws: Workspace, session: Session, person: str, seen: Role | AnyValue) -> None:
    """Raise ConflictError where a member has not the role that was seen, NotFoundError where none was."""
    there = _find(session, person)
    role = None if there is None else str(there.role)
    text = f"{person} is not in the team now" if role is None else f"{person} is {role} now"
    acts = (REMOVE,) if role is None else (ADD, CHANGE)
    check_seen(ws.engine, seen if isinstance(seen, AnyValue) else str(seen), role, acts, person, text)
    if there is None:
        raise NotFoundError(f"{person} is not in the team.", "See driftmap team ls.")


def _check_not_last(session: Session, person: str) -> None:
    _check_has_admin(
        session,
        f"{person} is the last admin of this workspace, and a team always has one.",
        "Make somebody else an admin first.",
    )


def _check_has_admin(session: Session, problem: str, remedy: str) -> None:
    """Raise InputError, by which all that was done in the session is undone, where no admin is left."""
    admins = select(MEMBERS.c.person).where(MEMBERS.c.role == str(Role.ADMIN)).limit(1)
    if session.scalar(admins) is None:
        raise InputError(problem, remedy)


def _find(session: Session, person: str) -> Member | None:
    row = session.execute(select(MEMBERS).where(MEMBERS.c.person == person)).mappings().first()
    return None if row is None else _member(row)


def _member(row: "RowMapping | dict[str, object]") -> Member:
    return Member(**{**row, "role": Role[str(row["role"]).upper()]})
