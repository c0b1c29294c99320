"""Tokens for programs that ask over HTTP: each acts as somebody with a name and a role.

Only the sha256 of a token is kept. It is a random number of 256 bits, so a slow hash would add nothing.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Column, Integer, RowMapping, String, Table, insert, select, update

from recsys_core.access import Actor, Role
from recsys_core.errors import InputError, NotFoundError
from recsys_core.workspace.column_types import UtcDateTime
from recsys_core.workspace.database import reading, writing
from recsys_core.workspace.gate import changes, takes
from recsys_core.workspace.membership import only_in
from recsys_core.workspace.tables import Base
from recsys_core.workspace.workspace import Workspace

PREFIX: Final = "driftmap"
LONGEST_NAME: Final = 64
TOKENS: Final = Table(
    "tokens",
    Base.metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("name", String(LONGEST_NAME), nullable=False),
    Column("role", String(16), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("created", UtcDateTime, nullable=False),
    Column("revoked", UtcDateTime),
    sqlite_autoincrement=True,
)


@dataclass(frozen=True)
class Token:
    """What is kept of a token. ``revoked``: since when it opens nothing any more, UTC; None while it does."""

    id: int
    name: str
    role: Role
    created: datetime
    revoked: datetime | None

    def actor_in(self, ws: Workspace) -> Actor:
        """Whom a request with this token of ``ws`` acts as: there, and nowhere else."""
        return only_in(ws.engine, Actor(self.name, self.role))


@changes(Role.ADMIN, "make a token", on=("name",), detail="role")
def new_token(ws: Workspace, name: str, role: Role) -> tuple[Token, str]:
    """Make a token and tell it, which nobody can do later. Raises InputError, AccessError."""
    if not name.strip() or not name.isprintable() or len(name) > LONGEST_NAME:
        raise InputError(
            f"{name!r} cannot be the name of a token.", f"Name it in 1 to {LONGEST_NAME} printable signs."
        )
    secret = secrets.token_urlsafe(32)
    created = datetime.now(UTC)
    row = {"name": name, "role": str(role), "sha256": _sha256(secret), "created": created}
    with writing(ws.engine) as session:
        if session.scalar(select(TOKENS.c.id).where(TOKENS.c.name == name, TOKENS.c.revoked.is_(None))):
            raise InputError(f"There is a token named {name!r} already.", "Revoke it first, or name another.")
        number = int(session.execute(insert(TOKENS).returning(TOKENS.c.id), row).scalar_one())
    return Token(number, name, role, created, None), f"{PREFIX}_{number}_{secret}"


@takes(Role.ADMIN, "see the tokens")
def tokens(ws: Workspace) -> list[Token]:
    """Every token that was ever made, oldest first. Raises AccessError."""
    with reading(ws.engine) as session:
        found = session.execute(select(TOKENS).order_by(TOKENS.c.id)).mappings()
        return [_token(row) for row in found]


@changes(Role.ADMIN, "revoke a token", on=("number",))
def revoke_token(ws: Workspace, number: int) -> Token:
    """From now on the token opens nothing. Raises NotFoundError, AccessError."""
    if number not in {token.id for token in tokens(ws)}:
        raise NotFoundError(f"There is no token {number}.", "See driftmap token ls.")
    with writing(ws.engine) as session:
        open_still = (TOKENS.c.id == number) & TOKENS.c.revoked.is_(None)
        session.execute(update(TOKENS).where(open_still).values(revoked=datetime.now(UTC)))
    return next(token for token in tokens(ws) if token.id == number)


def find_token(ws: Workspace, told: str) -> Token | None:
    """The token that was ``told``, unless there is none like it or it was revoked.

    Its number says which row to compare with; the secret part is compared in constant time.
    """
    prefix, _, rest = told.partition("_")
    number, _, secret = rest.partition("_")
    if prefix != PREFIX or not (number.isascii() and number.isdecimal() and len(number) < 10):
        return None
    query = select(TOKENS).where(TOKENS.c.id == int(number), TOKENS.c.revoked.is_(None))
    with reading(ws.engine) as session:
        row = session.execute(query).mappings().first()
    if row is None or not hmac.compare_digest(row["sha256"], _sha256(secret)):
        return None
    return _token(row)


def _sha256(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _token(row: RowMapping) -> Token:
    kept = {name: row[name] for name in ("id", "name", "created", "revoked")}
    return Token(role=Role[row["role"].upper()], **kept)
