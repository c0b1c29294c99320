"""Reading and writing the catalogue, safe for several processes at once; see ``engines`` for how."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from filelock import Timeout
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from recsys_core.errors import OutageError, ResourceError
from recsys_core.workspace import engines
from recsys_core.workspace.engines import WRITES, described
from recsys_core.workspace.tables import CounterRow

_ROOM: Final = 0x0D21F7  # of the names; any number will do, as long as it stays
_TRY: Final = text("SELECT pg_try_advisory_lock(:room, :key)")
_RELEASE: Final = text("SELECT pg_advisory_unlock(:room, :key)")
_LOOK_SECONDS: Final = 0.1


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that only reads; all it reads is of one moment. Raises OutageError where the catalogue does
    not answer, ResourceError where its disk does not let it be read.
    """
    with _outage_told(engine), Session(engine) as session:
        yield session


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """A session that may write: it takes the write lock at its start, commits at the end of the block
    and rolls back on an exception, so that reading and then writing is one step. Keep it short.

    Raises OutageError where the catalogue does not answer or another process holds that lock for too long,
    ResourceError where its disk does not let it be written to.
    """
    options: dict[str, Any] = {WRITES: True}
    if engine.dialect.name == "postgresql":
        # A snapshot of the whole block would be older than the lock, for which the first statement waits.
        options["isolation_level"] = "READ COMMITTED"
    only = engine.execution_options(**options)
    with _outage_told(engine), Session(only, expire_on_commit=False) as session, session.begin():
        session.connection()  # the lock is taken now, not with the first statement
        yield session


@contextmanager
def alone(engine: Engine, name: str, seconds: float) -> Iterator[None]:
    """No other process has this ``name`` inside the block, by an advisory lock of the server that it lets go
    of when the process or its connection ends; on SQLite, whose machines share a folder, nothing is asked.
    Waits up to ``seconds``, then raises filelock.Timeout. Raises OutageError.
    """
    if engine.dialect.name != "postgresql":
        yield
        return
    key = {"room": _ROOM, "key": int.from_bytes(sha256(name.encode()).digest()[:4], "big", signed=True)}
    with _outage_told(engine), engine.connect() as plain:
        connection = plain.execution_options(isolation_level="AUTOCOMMIT")
        end = time.monotonic() + seconds
        while not connection.scalar(_TRY, key):
            if time.monotonic() >= end:
                raise Timeout(name)
            time.sleep(_LOOK_SECONDS)
        try:
            yield
        finally:
            with suppress(DBAPIError):  # a server that was restarted meanwhile has forgotten it
                connection.execute(_RELEASE, key)


def next_number(session: Session, name: str) -> int:
    """1, 2, 3 … under ``name``; a number is never given twice. Needs a ``writing`` session."""
    counter = session.get(CounterRow, name)
    if counter is None:
        counter = CounterRow(name=name, last=0)
        session.add(counter)
    counter.last += 1
    return counter.last


@contextmanager
def _outage_told(engine: Engine) -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        told = _of_file(engine, error) if engine.dialect.name == "sqlite" else _of_server(engine, error)
        if told is None:
            raise
        raise told from error


def _of_server(engine: Engine, error: OperationalError) -> ResourceError:
    return OutageError(
        f"The database {described(engine.url)} did not answer: {_reason(error)}.",
        "See that the server runs and lets you in as DRIFTMAP_DATABASE_URL says, then try again.",
    )


def _of_file(engine: Engine, error: OperationalError) -> ResourceError | None:
    """What keeps SQLite's file from being used, in plain words where that is known."""
    if "database is locked" in str(error.orig):
        return OutageError(
            f"Another process has been writing to the catalogue for {engines.WAIT_SECONDS} seconds, "
            "so nothing was changed.",
            "Try again in a moment; if it goes on, see what holds catalog.db.",
        )
    if _is_read_only(Path(str(engine.url.database)).parent):
        return ResourceError(
            "The disk of the workspace is read-only, and the catalogue cannot even be read there. Make it "
            "writable, or copy the workspace to another disk."
        )
    return None


def _is_read_only(folder: Path) -> bool:
    """Whether the disk is. Where the system does not tell, it is not known to be."""
    return hasattr(os, "statvfs") and folder.is_dir() and bool(os.statvfs(folder).f_flag & os.ST_RDONLY)


def _reason(error: OperationalError) -> str:
    """What the driver says, in one line; it never says the password."""
    return " ".join(str(error.orig).split()).rstrip(".?")
