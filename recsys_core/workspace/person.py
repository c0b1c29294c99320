"""One person in the files of a dataset: their rows counted, and everybody else's copied."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from recsys_core.columns import USER_ID
from recsys_core.logs.importing import QUARANTINE
from recsys_core.logs.pseudonyms import Pseudonyms
from recsys_core.logs.sources import open_duckdb, quoted
from recsys_core.workspace.content import INTERACTIONS, PEOPLE
from recsys_core.workspace.mentions import Mentions

KEY: Final = "pseudonym.key"


@dataclass(frozen=True, repr=False)
class Person:
    """``names``: the ids that mean this person in a dataset. They are never put into an SQL text, so that
    no error message of the database repeats them.
    """

    names: tuple[str, ...]
    connection: duckdb.DuckDBPyConnection

    def n_events(self, version: Path) -> int:
        """Events of this person in a version's folder."""
        query = f"SELECT count(*) FROM {_table(version, INTERACTIONS)} WHERE {self._named()}"
        return int(self.connection.execute(query, self.names).fetchall()[0][0])

    def n_told(self, version: Path) -> int:
        """Rows that tell of this person in a version's table of people."""
        if not (version / PEOPLE).exists():
            return 0
        query = f"SELECT count(*) FROM {_table(version, PEOPLE)} WHERE {self._named()}"
        return int(self.connection.execute(query, self.names).fetchall()[0][0])

    def others_told(self, version: Path) -> pd.DataFrame | None:
        """The table of everybody else, None where there is none or nobody is left in it."""
        if not (version / PEOPLE).exists():
            return None
        people = pd.read_parquet(version / PEOPLE)
        others = people[~people[USER_ID].isin(self.names)]
        return others if len(others) else None

    def copy_others_events(self, version: Path, path: Path) -> int:
        """Write everybody else's events to ``path``, in the same order; how many. Memory stays flat."""
        query = f"SELECT * FROM {_table(version, INTERACTIONS)} WHERE NOT {self._named()}"
        self.connection.execute(f"COPY ({query}) TO {quoted(str(path))} (FORMAT parquet)", self.names)
        return int(pq.read_metadata(path).num_rows)

    def n_set_aside(self, version: Path) -> int:
        """Rows set aside at the import that name this person as a word of its own in any text."""
        sure = Mentions(self.names).sure
        return sum(any(map(sure, row)) for batch in _set_aside(version) for row in _texts(batch))

    def copy_others_set_aside(self, version: Path, path: Path) -> int:
        """Write the rows set aside that surely do not concern this person to ``path``; how many.

        In doubt a row goes. Nothing is written where no row is left.
        """
        possible, n_left = Mentions(self.names).possible, 0
        with _Lazy(path) as writer:
            for batch in _set_aside(version):
                kept = batch.filter(pa.array([not any(map(possible, row)) for row in _texts(batch)]))
                n_left += kept.num_rows
                writer.write(kept)
        return n_left

    def _named(self) -> str:
        return f"({USER_ID} IN ({', '.join('?' * len(self.names))}))"


def names_of(user_id: str, pseudonyms: Pseudonyms | None) -> tuple[str, ...]:
    """What a person is called; in a dataset with ``pseudonyms`` that is the raw id or the pseudonym."""
    return (user_id, pseudonyms.of(user_id)) if pseudonyms else (user_id,)


@contextmanager
def person_called(names: tuple[str, ...], folder: Path) -> Iterator[Person]:
    """The person with these names. ``folder``: where DuckDB may put what does not fit into memory."""
    with open_duckdb(folder) as connection:
        yield Person(names, connection)


class _Lazy:
    """A Parquet file that is only made when there is a row for it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: pq.ParquetWriter | None = None

    def __enter__(self) -> "_Lazy":
        return self

    def __exit__(self, *_: object) -> None:
        if self._writer:
            self._writer.close()

    def write(self, batch: pa.RecordBatch) -> None:
        if batch.num_rows:
            self._writer = self._writer or pq.ParquetWriter(self._path, batch.schema)
            self._writer.write_batch(batch)


def _table(version: Path, name: str) -> str:
    return f"read_parquet({quoted(str(version / name))})"


def _set_aside(version: Path) -> Iterator[pa.RecordBatch]:
    if (version / QUARANTINE).exists():
        with pq.ParquetFile(version / QUARANTINE) as file:
            yield from file.iter_batches()


def _texts(batch: pa.RecordBatch) -> Iterator[tuple[str, ...]]:
    """The texts of each row, whatever the columns are called."""
    yield from (tuple(cell for cell in row.values() if isinstance(cell, str)) for row in batch.to_pylist())
