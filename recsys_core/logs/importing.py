"""Log files in, one clean Parquet file of interactions out; bad rows set aside, duplicates dropped."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import pandas as pd

from recsys_core.columns import INTERACTION_COLUMNS
from recsys_core.errors import InputError
from recsys_core.logs.pseudonyms import Pseudonyms
from recsys_core.logs.quarantine import tell_reasons
from recsys_core.logs.sources import fetch, open_duckdb, quoted
from recsys_core.logs.staging import LogFile, Staged, make_quarantine, stage
from recsys_core.logs.times import latest
from recsys_core.progress import Progress, Silent

CLEAN = "clean.parquet"
QUARANTINE = "quarantine.parquet"
_COLUMNS = ", ".join(INTERACTION_COLUMNS)


@dataclass(frozen=True)
class CleanLog:
    """What became of some log files.

    ``path``: Parquet of the kept rows, ``INTERACTION_COLUMNS`` in the order of the files.
    ``n_read = n_kept + n_bad + n_duplicates``. ``bad``: the first 100 bad rows; ``quarantine``: Parquet of
    all that were set aside (``file, line, column, value, reason``), None where there are none.
    ``reasons``: bad rows by reason. ``time_units``: what the times of each file were taken for.
    """

    path: Path
    n_read: int
    n_kept: int
    n_bad: int
    n_duplicates: int
    bad: pd.DataFrame
    quarantine: Path | None
    reasons: Mapping[str, int]
    time_units: Mapping[str, str]

    @property
    def bad_share(self) -> float:
        """Fraction of the rows read that are bad, in [0, 1]."""
        return self.n_bad / self.n_read if self.n_read else 0.0

    def check(self, max_bad: float) -> None:
        """Raise InputError with a summary where more than the fraction ``max_bad`` of the rows is bad, or
        where no row is left.
        """
        if self.bad_share <= max_bad and self.n_kept:
            return
        examples = "; ".join(_tell(row) for row in self.bad.head(3).itertuples(index=False))
        raise InputError(
            f"{self.n_bad:,} of {self.n_read:,} rows ({self.bad_share:.1%}) cannot be used: "
            f"{tell_reasons(self.reasons)}. For example {examples}. Nothing was saved.",
            f"Check which columns were mapped, mend the file, or allow more than {max_bad:.0%} bad rows.",
        )


def read_interactions(
    logs: Sequence[LogFile],
    folder: Path,
    pseudonyms: Pseudonyms | None = None,
    until: datetime | None = None,
    progress: Progress | None = None,
) -> CleanLog:
    """Clean log files into ``folder``; memory stays flat, since DuckDB streams from file to file.

    ``until``: events at or after it are bad, by default a day from now. A row that repeats another in
    every column of the file is a duplicate: the first is kept. Raises InputError.
    """
    progress = progress or Silent()
    until = until or latest()
    with open_duckdb(folder) as connection:
        make_quarantine(connection)
        if pseudonyms is not None:
            pseudonyms.register(connection)
        staged = []
        for number, log in enumerate(logs):
            progress.check_cancelled()
            progress.advance(number, len(logs), f"Reading {log.info.path.name}")
            staged.append(stage(connection, log, number, folder, until, pseudonyms is not None))
        n_duplicates = _write_clean(connection, staged, folder)
        return _clean_log(connection, staged, folder, n_duplicates)


def _write_clean(connection: duckdb.DuckDBPyConnection, staged: Sequence[Staged], folder: Path) -> int:
    """Write the good rows without repeats; the number of repeats."""
    files = "[" + ", ".join(quoted(str(one.path)) for one in staged) + "]"
    source = f"read_parquet({files}, filename=true, file_row_number=true)"
    connection.execute(
        f"""CREATE TEMP TABLE repeats AS SELECT filename, file_row_number FROM (
            SELECT filename, file_row_number, row_number() OVER (
                PARTITION BY row_hash, {_COLUMNS} ORDER BY filename, file_row_number) AS nth
            FROM {source} WHERE bad = 0 AND row_hash IN (
                SELECT row_hash FROM {source} WHERE bad = 0 GROUP BY row_hash HAVING count(*) > 1))
            WHERE nth > 1"""
    )
    n_repeats = int(connection.execute("SELECT count(*) FROM repeats").fetchall()[0][0])
    # Without repeats the plain scan keeps the order and the speed; an anti-join would cost both.
    query = f"SELECT {_COLUMNS} FROM read_parquet({files}) WHERE bad = 0"
    if n_repeats:
        query = f"""SELECT {_COLUMNS} FROM {source} AS row WHERE bad = 0 AND NOT EXISTS (
            SELECT 1 FROM repeats WHERE repeats.filename = row.filename
            AND repeats.file_row_number = row.file_row_number) ORDER BY filename, file_row_number"""
    connection.execute(f"COPY ({query}) TO {quoted(str(folder / CLEAN))} (FORMAT parquet)")
    return n_repeats


def _clean_log(
    connection: duckdb.DuckDBPyConnection, staged: Sequence[Staged], folder: Path, n_duplicates: int
) -> CleanLog:
    reasons: Counter[str] = Counter()
    for one in staged:
        reasons.update(one.reasons)
        one.path.unlink()
    n_read, n_bad = sum(one.n_read for one in staged), sum(reasons.values())
    quarantine = folder / QUARANTINE if n_bad else None
    if quarantine is not None:
        rows = "SELECT * FROM quarantine ORDER BY file, line"
        connection.execute(f"COPY ({rows}) TO {quoted(str(quarantine))} (FORMAT parquet)")
    bad = fetch(connection, "SELECT * FROM quarantine ORDER BY file, line LIMIT 100")
    return CleanLog(
        path=folder / CLEAN,
        n_read=n_read,
        n_kept=n_read - n_bad - n_duplicates,
        n_bad=n_bad,
        n_duplicates=n_duplicates,
        bad=bad,
        quarantine=quarantine,
        reasons=dict(reasons),
        time_units={one.log.info.path.name: one.time_unit for one in staged},
    )


def _tell(row: tuple[object, ...]) -> str:
    file, line, column, value, reason = row
    cell = f"{column} is {value!r}" if column and isinstance(value, str) else (column or "the line")
    return f"line {line} of {file} ({cell}: {reason})"
