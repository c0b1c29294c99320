"""A table that is read whole, such as one of items or of people: every row as text."""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from recsys_core.logs.formats import FileInfo, FileKind
from recsys_core.logs.original import find_records, find_rows
from recsys_core.logs.published.published import SOURCE_ROW
from recsys_core.logs.rejects import rejected
from recsys_core.logs.sources import explain, fetch, open_duckdb, relation

_REJECTS = "whole"


@dataclass(frozen=True)
class Table:
    """``rows``: every cell str, "" where empty. ``malformed_line``: the first of the ``n_malformed`` lines
    that are no rows, 0 where there are none.
    """

    rows: pd.DataFrame
    n_malformed: int
    malformed_line: int


def read_table(info: FileInfo, folder: Path, row_limit: int | None = None, what: str = "") -> Table:
    """``what``: the SQL of the columns to read, by default all. ``folder``: for temporary files. Raises
    InputError where the file cannot be read to its end.
    """
    what = what or (f"* EXCLUDE {SOURCE_ROW}" if info.view else "*")
    with open_duckdb(folder) as connection:
        source = relation(connection, info, folder, _REJECTS, row_limit)
        try:
            rows: pd.DataFrame = fetch(connection, f"SELECT {what} FROM {source}")
        except duckdb.Error as error:
            raise explain(info.name, error) from error
        malformed = list(rejected(connection, info, _REJECTS))
    for left in folder.glob(f"*-{_REJECTS}*"):  # the copies that were made on the way, for the next file
        left.unlink()
    found = find_records(info, malformed[:1])
    if info.head.kind == "json" and info.kind is not FileKind.INTERACTIONS and not info.view:
        lost = rows.isna().all(axis="columns").to_numpy()
        malformed, rows = np.flatnonzero(lost).tolist(), rows[~lost]
        found = find_rows(info, malformed[:1], [])
    line = next((original.line for original in found.values()), 0)
    return Table(rows.fillna("").astype("str"), len(malformed), line)
