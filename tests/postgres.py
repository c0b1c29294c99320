"""A real PostgreSQL server that lives as long as the tests do, with a database for each of them."""

import os
import shutil
import socket
import subprocess
import tempfile
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
FAST = {
    "fsync": "off",
    "full_page_writes": "off",
    "shared_buffers": "16MB",
    "max_connections": "60",
    "autovacuum": "off",
}


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
    def database(self, template: str = READY) -> Iterator[str]:
        """The URL of a fresh database; ``template``: with the tables of the catalogue, or without."""
        self._count += 1
        name = f"test_{self._count}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        with _connections_closed():
            yield self.url(name)
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def execute(self, statement: str) -> None:
        """Outside of a transaction, in the database that every server has."""
        place = {"host": "127.0.0.1", "port": self.port, "user": USER, "password": PASSWORD}
        with psycopg.connect(dbname="postgres", autocommit=True, **place) as connection:
            connection.execute(statement)

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
