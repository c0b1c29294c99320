"""The revision of a catalogue: read at each opening, and brought up to date where it is an older one's.

Reading it costs a query; Alembic is only imported where there is something to do. ``migrations`` says how to
add a step.
"""

import sqlite3
from pathlib import Path
from typing import Final

from filelock import FileLock
from sqlalchemy import Connection, Engine, inspect, select, text

from recsys_core.errors import InputError
from recsys_core.workspace.database import reading, writing
from recsys_core.workspace.tables import CounterRow
from recsys_core.workspace.traces import COPY

MIGRATIONS: Final = Path(__file__).parent / "migrations"
KNOWN: Final = tuple(sorted(path.stem[1:5] for path in MIGRATIONS.glob("versions/v[0-9]*.py")))
NEWEST: Final = KNOWN[-1]
BEFORE_ALEMBIC: Final = 2
"""Until this number the schema stood among the counters."""


def bring_up_to_date(engine: Engine, root: Path) -> None:
    """Make what is missing, once however many processes and machines open the catalogue at the same time;
    all of it, or nothing where the process is killed.

    Raises InputError where a newer Driftmap wrote the catalogue.
    """
    with reading(engine) as session:
        found = revision(session.connection())
    if found == NEWEST:
        return
    if engine.dialect.name == "sqlite":
        with FileLock(root / "locks" / "schema.lock"):  # the mode of the file changes outside of transactions
            _switch_to_wal(engine)
            _upgrade(engine)
    else:
        _upgrade(engine)


def revision(connection: Connection) -> str | None:
    """Which step the catalogue has come to; None where it has no tables. Raises InputError where it has come
    further than this Driftmap knows.
    """
    has_table = inspect(connection).has_table
    if has_table("alembic_version"):
        found = str(connection.scalar(text("SELECT version_num FROM alembic_version")))
    elif has_table(CounterRow.__tablename__):
        number = connection.scalar(select(CounterRow.last).where(CounterRow.name == "schema"))
        found = f"{number or BEFORE_ALEMBIC:04}"
        if found > f"{BEFORE_ALEMBIC:04}":
            raise _newer(found)
    else:
        return None
    if found not in KNOWN:
        raise _newer(found)
    return found


def _newer(found: str) -> InputError:
    schema, known = found.lstrip("0"), NEWEST.lstrip("0")
    return InputError(
        f"This workspace was written by a newer Driftmap (schema {schema}, not {known}).",
        "Upgrade Driftmap, or name another workspace.",
    )


def _switch_to_wal(engine: Engine) -> None:
    raw = engine.raw_connection()
    try:
        raw.cursor().execute("PRAGMA journal_mode = WAL")
    finally:
        raw.close()


def _upgrade(engine: Engine) -> None:
    """Under the write lock, so that nobody writes to an older catalogue meanwhile."""
    with writing(engine) as session:
        connection = session.connection()
        found = revision(connection)
        if found == NEWEST:
            return
        if found is not None and engine.url.database and engine.dialect.name == "sqlite":
            _copy_aside(Path(engine.url.database))
        _migrate(connection, found)


def _copy_aside(path: Path) -> None:
    """Keep an SQLite file as it is before the upgrade; the copy is there wholly or not at all."""
    final = path.with_name(COPY.format(stem=path.stem, revision=NEWEST))
    unfinished = final.with_suffix(".writing")
    unfinished.unlink(missing_ok=True)
    source, copy = sqlite3.connect(path), sqlite3.connect(unfinished)
    try:
        source.backup(copy)
    finally:
        source.close()
        copy.close()
    unfinished.chmod(path.stat().st_mode)
    unfinished.replace(final)


def _migrate(connection: Connection, found: str | None) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    if found is not None and not inspect(connection).has_table("alembic_version"):
        command.stamp(config, found)
    command.upgrade(config, "head")
