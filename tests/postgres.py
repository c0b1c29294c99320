"""A real PostgreSQL server that lives as long as the tests do, with a database for each of them."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import URL, event
from sqlalchemy.pool import Pool

from recsys_core.workspace.engines import make_engine
from recsys_core.workspace.schema import bring_up_to_date

USER, PASSWORD = "tester", "p@ss/w0rd:never%shown"
READY = "ready"
RESTING = 4
"""How many databases lie unused before the one that has done so for longest is used again."""

FAST = {
    "fsync": "off",
    "full_page_writes": "off",
    "shared_buffers": "16MB",
    "max_connections": "60",
    "autovacuum": "off",
}
_SHAPE = """
    SELECT count(*),
        md5(string_agg(concat_ws(' ', relname, attname, atttypid, attnotnull), ',' ORDER BY relname, attnum)),
        (SELECT string_agg(version_num, ',') FROM alembic_version),
        (SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND backend_type = 'client backend')
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid WHERE relnamespace = 'public'::regnamespace"""
_EMPTY = """
    SET session_replication_role = replica;  -- or else the audit, which is only ever added to, would refuse
    DO $$ BEGIN EXECUTE (
        SELECT 'TRUNCATE ' || string_agg(quote_ident(relname), ', ') || ' RESTART IDENTITY CASCADE'
        FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND pg_relation_size(oid) > 0
            AND relname <> 'alembic_version'
    ); END $$;
    INSERT INTO counters TABLE made.counters"""


def find_programs() -> Path:
    """The folder of ``initdb`` and ``pg_ctl``; the test fails where there is none."""
    named = os.environ.get("DRIFTMAP_POSTGRES")
    on_path = shutil.which("initdb")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    found = Path(named) if named else Path(on_path).parent if on_path else debian[-1] if debian else None
    if found is None or not (found / "initdb").exists():
        pytest.fail(
            f"No PostgreSQL server in {named!r}."
            if named
            else "No PostgreSQL server on this machine. Install one (`make test` does so by itself, or "
            "`apt-get install postgresql`), or name the folder of its programs in DRIFTMAP_POSTGRES."
        )
    return found


class Postgres:
    """A server in a temporary folder, on a free port of this machine, for one user with a password."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self._owner = {"user": "postgres", "group": "postgres"} if os.getuid() == 0 else {}
        self._count = 0
        self._used: deque[str] = deque()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])

    @contextmanager
    def running(self) -> Iterator["Postgres"]:
        """Made and started; stopped and removed at the end."""
        with tempfile.TemporaryDirectory(prefix="driftmap-pg-") as name:
            self.folder = Path(name)
            if self._owner:  # PostgreSQL refuses to run as root
                shutil.chown(self.folder, **self._owner)
            self._make()
            self.start()
            try:
                self._make_template()
                yield self
            finally:
                self.stop()

    def start(self) -> None:
        self._run("pg_ctl", "start", "--wait", "--log", str(self.folder / "log"))

    def stop(self) -> None:
        self._run("pg_ctl", "stop", "--wait", "--mode", "immediate")

    def url(self, database: str, **changes: object) -> str:
        """The URL that settings take, with the password in it."""
        given = {"username": USER, "password": PASSWORD, "host": "127.0.0.1", "port": self.port, **changes}
        return URL.create("postgresql", database=database, **given).render_as_string(hide_password=False)

    @contextmanager
    def database(self) -> Iterator[str]:
        """The URL of a database with the tables of the catalogue, as empty as when they were made.

        Making one takes the server ten times as long as emptying one that an earlier test had.
        """
        name = self._used_before() or self._new(READY)
        with _connections_closed():
            yield self.url(name)
        self._used.append(name)

    @contextmanager
    def database_without_tables(self) -> Iterator[str]:
        """The URL of a database that no Driftmap has opened yet."""
        name = self._new("template1")
        with _connections_closed():
            yield self.url(name)
        self._drop(name)

    def execute(self, statement: str) -> None:
        """Outside of a transaction, in the database that every server has."""
        with self._connected("postgres") as connection:
            connection.execute(statement)

    def _connected(self, name: str) -> psycopg.Connection:
        place = {"host": "127.0.0.1", "port": self.port, "user": USER, "password": PASSWORD}
        return psycopg.connect(dbname=name, autocommit=True, **place)

    def _used_before(self) -> str | None:
        """One that has rested, since a process may outlive its test by a moment; None where there is none, or
        the test changed its tables or left somebody connected.
        """
        if len(self._used) < RESTING:
            return None
        name = self._used.popleft()
        with self._connected(name) as connection:
            if as_made := _shape(connection) == self._shape:
                connection.execute(_EMPTY)
        if as_made:
            return name
        self._drop(name)
        return None

    def _new(self, template: str) -> str:
        self._count += 1
        name = f"test_{self._count}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def _drop(self, name: str) -> None:
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def tables_with(self, mark: str) -> list[Path]:
        """Files of tables in which these bytes stand; needs a ``CHECKPOINT`` before."""
        base = (self.folder / "data" / "base").rglob("*")
        return [path for path in base if path.is_file() and mark.encode() in path.read_bytes()]

    def _make(self) -> None:
        with tempfile.NamedTemporaryFile("w", dir=self.folder, delete=False) as file:
            file.write(PASSWORD)
        if self._owner:
            shutil.chown(file.name, **self._owner)
        options = [f"--username={USER}", f"--pwfile={file.name}", "--auth=scram-sha-256"]
        self._run("initdb", *options, "--no-sync", "--encoding=UTF8", "--locale=C")
        settings = {**FAST, "port": self.port, "listen_addresses": "'127.0.0.1'"}
        settings["unix_socket_directories"] = f"'{self.folder}'"
        with (self.folder / "data" / "postgresql.conf").open("a") as conf:
            conf.writelines(f"{name} = {value}\n" for name, value in settings.items())

    def _make_template(self) -> None:
        self.execute(f"CREATE DATABASE {READY}")
        engine = make_engine(self.folder, self.url(READY))
        bring_up_to_date(engine, self.folder)
        engine.dispose()
        with self._connected(READY) as connection:
            self._shape = _shape(connection)
            connection.execute("CREATE SCHEMA made; CREATE TABLE made.counters AS TABLE counters")

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), "--pgdata", str(self.folder / "data"), *arguments]
        done = subprocess.run(
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if program == "initdb" else subprocess.DEVNULL,
            stderr=subprocess.PIPE if program == "initdb" else subprocess.DEVNULL,
            cwd=self.folder,
            text=True,
            **self._owner,
            **({"extra_groups": []} if self._owner else {}),
        )
        assert done.returncode == 0, f"{program}: {done.stderr or ''}{self._log()}"

    def _log(self) -> str:
        log = self.folder / "log"
        return log.read_text() if log.exists() else ""


def _shape(connection: psycopg.Connection) -> object:
    """Which columns the tables have, of which revision they are, and how many others are connected."""
    return connection.execute(_SHAPE).fetchone()


@contextmanager
def _connections_closed() -> Iterator[None]:
    """What engines opened inside is closed at the end, so that none is collected while it is open."""
    opened: list[psycopg.Connection] = []

    def keep(connection: psycopg.Connection, _record: object) -> None:
        opened.append(connection)

    event.listen(Pool, "connect", keep)
    try:
        yield
    finally:
        event.remove(Pool, "connect", keep)
        for connection in opened:
            connection.close()
