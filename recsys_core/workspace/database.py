"""The catalogue database: SQLite in the workspace by default, safe for several processes at once."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import Any

from filelock import FileLock
from sqlalchemy import Connection, Engine, NullPool, create_engine, event, inspect
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.orm import Session

from recsys_core.errors import BusyError, InputError, ResourceError
from recsys_core.workspace.tables import SCHEMA_VERSION, Base, CounterRow
from recsys_core.workspace.upgrading import upgrade

BUSY_SECONDS = 30
_IMMEDIATE = "driftmap_immediate"


def open_engine(root: Path, database_url: str | None) -> Engine:
    """The engine of the catalogue, its tables made if missing and brought up to date if older.

    SQLite runs in WAL mode and waits up to 30 s for another writer. Raises InputError where the file
    is no database or was written by a newer Driftmap.
    """
    url = database_url or f"sqlite:///{(root / 'catalog.db').resolve()}"
    engine = _sqlite_engine(url) if url.startswith("sqlite") else create_engine(url, pool_pre_ping=True)
    try:
        _make_tables(engine, root)
    except DatabaseError as error:
        if isinstance(told := _told(error, engine), ResourceError):
            raise told from error
        raise InputError(
            f"The catalogue {engine.url.render_as_string()} cannot be opened: {error.orig}.",
            "Name another workspace, or put back a copy of its catalog.db.",
        ) from error
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that only reads. Raises ResourceError where the disk of the catalogue does not let it."""
    with Session(engine) as session:
        _connect(session, engine)
        yield session


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """A session that may write: it takes the write lock at its start, commits at the end of the block
    and rolls back on an exception, so that reading and then writing is one step. Keep it short.

    Raises ResourceError where another process holds that lock for longer than ``BUSY_SECONDS``.
    """
    immediate = engine.execution_options(**{_IMMEDIATE: True})
    with Session(immediate, expire_on_commit=False) as session, session.begin():
        _connect(session, engine)
        yield session


def _connect(session: Session, engine: Engine) -> None:
    """Begin the transaction, with what keeps it from beginning in plain words."""
    try:
        session.connection()
    except OperationalError as error:
        raise _told(error, engine) from error


def _told(error: DatabaseError, engine: Engine) -> Exception:
    """What keeps the catalogue from being used, in plain words where that is known."""
    if "database is locked" in str(error.orig):
        return BusyError(
            f"Another process has been writing to the catalogue for {BUSY_SECONDS} seconds, so nothing was "
            "changed. Try again in a moment; if it goes on, see what holds catalog.db."
        )
    if engine.dialect.name == "sqlite" and _is_read_only(Path(str(engine.url.database)).parent):
        return ResourceError(
            "The disk of the workspace is read-only, and the catalogue cannot even be read there. Make it "
            "writable, or copy the workspace to another disk."
        )
    return error


def _is_read_only(folder: Path) -> bool:
    """Whether the disk is. Where the system does not tell, it is not known to be."""
    return hasattr(os, "statvfs") and folder.is_dir() and bool(os.statvfs(folder).f_flag & os.ST_RDONLY)


def next_number(session: Session, name: str) -> int:
    """1, 2, 3 … under ``name``; a number is never given twice. Needs a ``writing`` session."""
    counter = session.get(CounterRow, name)
    if counter is None:
        counter = CounterRow(name=name, last=0)
        session.add(counter)
    counter.last += 1
    return counter.last


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def _on_connect(connection: SqliteConnection, record: Any) -> None:
        del record
        connection.isolation_level = None  # transactions begin where _on_begin says, not where sqlite3 does
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten with zeros

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get(_IMMEDIATE, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine


def _make_tables(engine: Engine, root: Path) -> None:
    if not inspect(engine).has_table(CounterRow.__tablename__):
        with FileLock(root / "locks" / "schema.lock"):
            if engine.dialect.name == "sqlite":
                raw = engine.raw_connection()
                raw.cursor().execute("PRAGMA journal_mode = WAL")
                raw.close()
            Base.metadata.create_all(engine)
            with writing(engine) as session:
                if session.get(CounterRow, "schema") is None:
                    session.add(CounterRow(name="schema", last=SCHEMA_VERSION))
    found = _schema(engine)
    if found < SCHEMA_VERSION:
        with FileLock(root / "locks" / "schema.lock"), writing(engine) as session:
            upgrade(session)
    if found > SCHEMA_VERSION:
        raise InputError(
            f"This workspace was written by a newer Driftmap (schema {found}, not {SCHEMA_VERSION}).",
            "Upgrade Driftmap, or name another workspace.",
        )


def _schema(engine: Engine) -> int:
    with reading(engine) as session:
        row = session.get(CounterRow, "schema")
        return row.last if row else SCHEMA_VERSION
