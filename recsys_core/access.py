"""Who asks, and what they may do. Roles are enforced where the work is begun, whichever way it was asked for.

| role | may |
|---|---|
| viewer | see everything that was made, and ask for recommendations |
| analyst | import, fine-tune, compute, name and choose as well |
| admin | delete, forget people, purge, back up, restore and say who is in the team as well |

Who signs in has the role that the settings give, in every workspace, unless a workspace has a team of its own
(``workspace.membership``). Without sign-in everybody who reaches the app or the command line is the owner of
the machine, an admin.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
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
    """Somebody who asks for something. ``name``: as it goes into the audit, an e-mail address as a rule.

    ``role``: in every workspace, but with an ``email``, which a provider has verified, only admins are that
    everywhere: others have another role where a team says so. ``within``: the only catalogue in which the
    role counts, None for all.
    """

    name: str
    role: Role
    email: str = ""
    within: str | None = None

    @property
    def is_admin_everywhere(self) -> bool:
        """Whether no team has a say in what they may do."""
        return self.role is Role.ADMIN and self.within is None


Identify = Callable[[], Actor | None]

OWNER = Actor("owner of this machine", Role.ADMIN)
STRANGER = Actor("nobody signed in", Role.NOBODY)
HOUSE = Actor("driftmap itself", Role.ADMIN)
"""Processes of Driftmap's own, which see to jobs and tidy up; never for what somebody asked for."""

_ACTOR: ContextVar[Actor | None] = ContextVar("actor", default=None)
_FRONTS: list[Identify] = []


def actor() -> Actor:
    """Whoever asks now: as ``acting_as`` says; else the owner, or where sign-in is switched on, whom the
    front identifies, else nobody.
    """
    if (someone := _ACTOR.get()) is not None:
        return someone
    if not read_settings().sign_in:
        return OWNER
    return next(filter(None, (identify() for identify in _FRONTS)), STRANGER)


def identify_by(identify: Identify) -> None:
    """From now on ``identify`` says who is signed in (None: it cannot tell here).

    For a front whose code runs in threads that it does not begin itself, callbacks included: it is asked anew
    each time, so that nobody is left over from another's turn.
    """
    if identify not in _FRONTS:
        _FRONTS.append(identify)


@contextmanager
def acting_as(someone: Actor) -> Iterator[None]:
    """Inside the block ``someone`` asks. Threads begun inside it do not inherit that."""
    token = _ACTOR.set(someone)
    try:
        yield
    finally:
        _ACTOR.reset(token)


def require(role: Role, what: str, asks: Actor | None = None) -> Actor:
    """Whoever asks, if they may. ``what``: completes "may not …"; ``asks``: with the role that they have
    where it is done, by default the one in the whole house. Raises AccessError otherwise.
    """
    asks = asks or in_house(actor())
    if asks.role < role:
        raise AccessError(
            f"{asks.name[:1].upper()}{asks.name[1:]} may not {what}: "
            f"that takes the role {role} (yours: {asks.role}).",
            "Sign in, or ask an admin of this Driftmap for the role.",
        )
    return asks


def in_house(asks: Actor) -> Actor:
    """Somebody with the role that they have outside of any workspace."""
    return asks if asks.within is None else replace(asks, role=Role.NOBODY)


def person(email: str) -> Actor:
    """Somebody who signed in, by their verified e-mail address."""
    address = email.strip().casefold()
    return Actor(address, role_of(address), address)


def names_of(email: str) -> tuple[str, ...]:
    """As what a list of people may name an e-mail address, the closest first; () for what is none."""
    address = email.strip().casefold()
    return (address, f"*@{address.partition('@')[2]}") if address.count("@") == 1 else ()


def role_of(email: str) -> Role:
    """The highest role that the settings give to an e-mail address; nobody where they don't name it."""
    settings, names = read_settings(), names_of(email)
    if not names:
        return Role.NOBODY
    named = (
        (Role.ADMIN, settings.admins),
        (Role.ANALYST, settings.analysts),
        (Role.VIEWER, settings.viewers),
    )
    anyone = {*names, "*"}
    return next((role for role, people in named if anyone & set(people)), Role.NOBODY)
