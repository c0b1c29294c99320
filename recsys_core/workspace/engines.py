"""The engines of the two databases that a catalogue may be in: SQLite in the workspace, PostgreSQL by URL.

A block that reads and then writes is one step in both, since one writer at a time is let in:

| | SQLite | PostgreSQL |
|---|---|---|
| who writes | ``BEGIN IMMEDIATE`` | an advisory lock of the database until the transaction ends |
| who reads | one snapshot (WAL) | one snapshot (``REPEATABLE READ``) |

Serializable transactions would let more writers in, but would have to be done again where two met, and a
folder that was renamed into place within one cannot be renamed again. Nobody holds the lock for long.
"""

import time
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import Any, Final

from sqlalchemy import URL, Connection, Dialect, Engine, NullPool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from recsys_core.errors import InputError

WRITES: Final = "driftmap_writes"
"""The execution option of a connection that lets no other writer in."""

WAIT_SECONDS: Final = 30  # for another writer
RESTART_SECONDS: Final = 10  # for a server that has answered before
_LOCK: Final = 0x0D21F7  # any number will do, as long as it stays
_TAKE_LOCK: Final = f"""
    SET LOCAL lock_timeout = '{WAIT_SECONDS}s';
    SET LOCAL idle_in_transaction_session_timeout = '300s';
    SELECT pg_advisory_xact_lock({_LOCK})"""
_CONNECTION: Final = {
    "application_name": "driftmap",
    "connect_timeout": 10,
    "keepalives_idle": 30,  # seconds until a silent server is asked whether it is still there
    "keepalives_interval": 10,
    "keepalives_count": 3,
}
_EXAMPLE: Final = (
    "Set it to postgresql://user:password@host:5432/database, with any of @ : / % in user and password "
    "percent-encoded (%40 for @)."
)


def make_engine(root: Path, database_url: str | None) -> Engine:
    """An engine of the database at ``database_url``, by default SQLite in the workspace ``root``; nothing is
    opened yet. Raises InputError, in which no part of a password stands.
    """
    if not database_url:
        return _sqlite_engine(URL.create("sqlite", database=str((root / "catalog.db").resolve())))
    url = _parsed(database_url)
    return _sqlite_engine(url) if url.get_backend_name() == "sqlite" else _postgres_engine(url)


def described(url: URL) -> str:
    """The database as messages name it, without user and password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    host = url.host or url.query.get("host") or "this machine"
    return f"{url.database or 'of the user'} at {host}{f':{url.port}' if url.port else ''}"


def _parsed(database_url: str) -> URL:
    try:
        url = make_url(database_url)
    except (ArgumentError, ValueError):
        raise InputError("DRIFTMAP_DATABASE_URL is not the URL of a database.", _EXAMPLE) from None
    backend = url.get_backend_name()
    if backend == "sqlite":
        return url.set(database=str(Path(url.database or "").resolve()))  # jobs run in another folder
    if backend not in ("postgresql", "postgres"):
        raise InputError(
            f"DRIFTMAP_DATABASE_URL names a database of the kind {backend!r}; "
            "the catalogue is kept in SQLite or PostgreSQL.",
            _EXAMPLE,
        )
    if "@" in (url.host or ""):
        raise InputError("The host in DRIFTMAP_DATABASE_URL has an @ in it.", _EXAMPLE)
    return url.set(drivername="postgresql+psycopg")


def _sqlite_engine(url: URL) -> Engine:
    connect = {"timeout": WAIT_SECONDS}
    engine = create_engine(url, poolclass=NullPool, connect_args=connect, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _on_connect(connection: SqliteConnection, record: Any) -> None:
        del record
        connection.isolation_level = None  # transactions begin where _on_begin says, not where sqlite3 does
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten with zeros

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgres_engine(url: URL) -> Engine:
    settings = {name: value for name, value in _CONNECTION.items() if name not in url.query}
    try:
        engine = create_engine(
            url,
            pool_pre_ping=True,
            isolation_level="REPEATABLE READ",
            connect_args=settings,
            hide_parameters=True,  # what is stored is in no error, and so in no log
        )
    except ModuleNotFoundError as error:
        raise InputError(
            "The catalogue is on PostgreSQL, but the driver for it is not installed.",
            "Install it: pip install 'driftmap[postgres]'.",
        ) from error

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        if connection.get_execution_options().get(WRITES, False):
            connection.exec_driver_sql(_TAKE_LOCK, execution_options={"no_parameters": True})

    _wait_for_restarts(engine)
    return engine


def _wait_for_restarts(engine: Engine) -> None:
    answered = False

    @event.listens_for(engine, "do_connect")
    def _connect(dialect: Dialect, record: Any, args: tuple[Any, ...], settings: dict[str, Any]) -> Any:
        nonlocal answered
        del record
        end = time.monotonic() + (RESTART_SECONDS if answered else 0)
        while True:
            try:
                connection = dialect.connect(*args, **settings)
            except dialect.loaded_dbapi.OperationalError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.25)
            else:
                answered = True
                return connection
