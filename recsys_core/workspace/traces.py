"""What a database keeps of rows after they were deleted or changed, and how that goes too."""

from pathlib import Path
from typing import Final

from sqlalchemy import Engine, inspect

COPY: Final = "{stem}-before-{revision}.db"
"""How a copy of an SQLite catalogue from before an upgrade is called."""


def leave_no_trace(engine: Engine) -> None:
    """Of rows that are gone nothing stays: not in SQLite's write-ahead log or a copy from before an upgrade,
    not in the files of PostgreSQL's tables. The log and the backups of a server are out of our reach.
    """
    if engine.dialect.name == "sqlite":
        _truncate_log(engine)
        path = Path(engine.url.database or "")
        for copy in path.parent.glob(COPY.format(stem=path.stem, revision="*")):
            copy.unlink(missing_ok=True)
    else:
        _rewrite_tables(engine)


def _truncate_log(engine: Engine) -> None:
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()


def _rewrite_tables(engine: Engine) -> None:
    quote = engine.dialect.identifier_preparer.quote
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        tables = ", ".join(quote(name) for name in inspect(connection).get_table_names())
        connection.exec_driver_sql(f"VACUUM FULL {tables}")
