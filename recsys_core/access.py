"""Who asks, and what they may do. Roles are enforced where the work is begun, whichever way it was asked for.

| role | may |
|---|---|
| viewer | see everything that was made, and ask for recommendations |
| analyst | import, fine-tune, compute, name and choose as well |
| admin | delete, forget people, purge, back up and restore as well |

Without sign-in everybody who reaches the app or the command line is the owner of the machine, an admin.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import IntEnum

from recsys_core.errors import AccessError
from recsys_core.settings import read_settings


class Role(IntEnum):
    """What somebody may do; a higher one includes the lower ones."""

    NOBODY = 0
    VIEWER = 1
    ANALYST = 2
    ADMIN = 3

    def __str__(self) -> str:
        """As people read it."""
        return self.name.lower()


@dataclass(frozen=True)
class Actor:
    """Somebody who asks for something. ``name``: as it goes into the audit, an e-mail address as a rule."""

    name: str
    role: Role


OWNER = Actor("owner of this machine", Role.ADMIN)
STRANGER = Actor("nobody signed in", Role.NOBODY)

_ACTOR: ContextVar[Actor | None] = ContextVar("actor", default=None)


def actor() -> Actor:
    """Whoever asks now: as ``acting_as`` says; else the owner, or nobody where sign-in is switched on."""
    return _ACTOR.get() or (STRANGER if read_settings().sign_in else OWNER)


@contextmanager
def acting_as(someone: Actor) -> Iterator[None]:
    """Inside the block ``someone`` asks. Threads begun inside it do not inherit that."""
    token = _ACTOR.set(someone)
    try:
        yield
    finally:
        _ACTOR.reset(token)


def require(role: Role, what: str) -> Actor:
    """Whoever asks, if they may. ``what``: completes "may not …". Raises AccessError otherwise."""
    asks = actor()
    if asks.role < role:
        raise AccessError(
            f"{asks.name[:1].upper()}{asks.name[1:]} may not {what}: "
            f"that takes the role {role} (yours: {asks.role}).",
            "Sign in, or ask an admin of this Driftmap for the role.",
        )
    return asks
