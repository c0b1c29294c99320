"""The gate: each public act on a workspace states the role it takes, and what changes something is audited.

``@takes`` and ``@changes`` stand before functions and methods whose first argument has the ``engine`` of the
catalogue: a Workspace, a Ledger. The role is the one that whoever asks has there; for what is asked about a
mere folder, of which no refusal is audited, it is the one in the house. An act inside another on the same
workspace is a part of it: its role is asked for, too, but only the outermost is written into the audit.
"""

import functools
import inspect
from collections.abc import Callable, Sequence
from contextlib import suppress
from contextvars import ContextVar
from typing import Any, Final, ParamSpec, TypeVar

from sqlalchemy import Engine

from recsys_core.access import Actor, Role, actor, require
from recsys_core.errors import AccessError, CancelledError, ResourceError
from recsys_core.workspace.audit import Outcome, target_of, write
from recsys_core.workspace.membership import standing

P = ParamSpec("P")
R = TypeVar("R")

_ROLE: Final = "__role__"
_INSIDE: ContextVar[str] = ContextVar("catalogue of the act that is done", default="")


def role_taken(function: object) -> Role | None:
    """The role that a function states, None where it states none."""
    found = getattr(function, _ROLE, None)
    return found if isinstance(found, Role) else None


def takes(role: Role, what: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Only people of ``role`` may call it. ``what``: completes "may not …"."""

    def guard(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            _admit(getattr(args[0], "engine", None), role, what, "", "")
            return function(*args, **kwargs)

        setattr(guarded, _ROLE, role)
        return guarded

    return guard


def changes(
    role: Role, what: str, on: Sequence[str] = (), detail: str = ""
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """As ``takes``, and what comes of it is audited. ``on``: the arguments that tell on what it is done, an
    attribute of one after a dot; ``detail``: the one whose value is worth a place beside it. None of them may
    hold a person's id.
    """

    def guard(function: Callable[P, R]) -> Callable[P, R]:
        signature = inspect.signature(function)

        @functools.wraps(function)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            given = signature.bind(*args, **kwargs).arguments
            target, more = _words(given, on), _words(given, [detail])
            engine = _engine(args)
            asks = _admit(engine, role, what, target, more)
            if _INSIDE.get() == str(engine.url):
                return function(*args, **kwargs)

            def note(outcome: Outcome) -> None:
                write(engine, asks, what, target, more, outcome)

            if role is Role.ADMIN:  # what it removes cannot be asked afterwards
                note(Outcome.BEGUN)
            return _noted(engine, lambda: function(*args, **kwargs), note)

        setattr(guarded, _ROLE, role)
        return guarded

    return guard


def _admit(engine: Engine | None, role: Role, what: str, target: str, detail: str) -> Actor:
    asks = standing(engine, actor())
    try:
        return require(role, what, asks)
    except AccessError:
        if engine is not None:
            write(engine, asks, what, target, detail, Outcome.REFUSED)
        raise


def _noted(engine: Engine, act: Callable[[], R], note: Callable[[Outcome], None]) -> R:
    token = _INSIDE.set(str(engine.url))
    try:
        value = act()
    except BaseException as error:
        with suppress(ResourceError):  # where nothing can be written, the act's own error is told
            note(_ending(error))
        raise
    finally:
        _INSIDE.reset(token)
    note(Outcome.DONE)
    return value


def _ending(error: BaseException) -> Outcome:
    if isinstance(error, CancelledError | KeyboardInterrupt):
        return Outcome.STOPPED
    return Outcome.REFUSED if isinstance(error, AccessError) else Outcome.FAILED


def _engine(args: tuple[Any, ...]) -> Engine:
    engine: Engine = args[0].engine
    return engine


def _words(given: dict[str, Any], names: Sequence[str]) -> str:
    return target_of(*(_value(given, *name.split(".")) for name in names))


def _value(given: dict[str, Any], name: str, *attributes: str) -> Any:
    return functools.reduce(getattr, attributes, given.get(name))
