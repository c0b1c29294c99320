"""Bad rows on their way into the quarantine: collected as they stream by, then found in their file."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from recsys_core.columns import DOMAIN
from recsys_core.logs.original import Original, find_records, find_rows
from recsys_core.logs.parsing import LogFile
from recsys_core.logs.published.published import SOURCE_ROW
from recsys_core.logs.quarantine import COLUMN, FILE, LARGEST, LINE, REASON, SCHEMA, TEXT, VALUE
from recsys_core.logs.rejects import rejected
from recsys_core.logs.rules import FAULTS, TIME_TEXT, WEIGHT_TEXT

_SHOWN = 100
_CELLS = {"time": TIME_TEXT, "weight": WEIGHT_TEXT, "domain": DOMAIN}


@dataclass(frozen=True, slots=True)
class _BadRow:
    """``row``: its number among the rows of the file; ``column``: at fault, None for the whole line."""

    row: int
    column: str | None
    value: str | None
    reason: str


class Quarantine:
    """``path``: Parquet, only there where a row is bad. ``reasons``: bad rows by reason, all of them.
    ``first``: the first 100 rows. ``with_text``: whether to keep the lines, which name the user.
    """

    def __init__(self, path: Path, with_text: bool) -> None:
        """Empty."""
        self.path = path
        self.reasons: Counter[str] = Counter()
        self.first: pd.DataFrame = SCHEMA.empty_table().to_pandas()
        self._with_text = with_text
        self._writer: pq.ParquetWriter | None = None

    def begin(self, log: LogFile) -> None:
        """The next file."""
        self._log, self._n_rows = log, 0
        self._bad: list[_BadRow] = []

    def add(self, rows: pa.Table, verdict: NDArray[np.uint8]) -> None:
        """Take the bad rows of the next batch; ``verdict`` (N,): codes of ``rules.FAULTS``, 0 where good."""
        at = np.flatnonzero(verdict)
        if len(at):
            self.reasons.update(FAULTS[int(code)][1] for code in verdict[at])
            at = at[: max(LARGEST - len(self._bad), 0)]
            self._bad += self._told(rows.take(pa.array(at)), at + self._n_rows, verdict[at])
        self._n_rows += len(rows)

    def end(self, connection: duckdb.DuckDBPyConnection, rejects: str) -> int:
        """Find the bad rows of the file in it and write them; how many lines were no rows at all."""
        lost = rejected(connection, self._log.info, rejects)
        self.reasons.update(lost.values())
        self._write(sorted(self._located(lost), key=_line))
        return len(lost)

    def close(self) -> None:
        """Finish the file."""
        if self._writer is not None:
            self._writer.close()

    def _told(
        self, rows: pa.Table, numbers: NDArray[np.int64], codes: NDArray[np.uint8]
    ) -> Iterator[_BadRow]:
        """The column at fault, its value and the reason of each bad row."""
        roles = self._log.roles.as_dict()
        cells = {role: rows[name].to_pylist() for role, name in _CELLS.items() if name in rows.column_names}
        places = rows[SOURCE_ROW].to_pylist() if SOURCE_ROW in rows.column_names else numbers.tolist()
        for at, code in enumerate(codes):
            role, reason = FAULTS[int(code)]
            yield _BadRow(places[at], roles.get(role), cells[role][at] if role in cells else None, reason)

    def _located(self, lost: dict[int, str]) -> Iterator[dict[str, object]]:
        """All bad rows of the file with the lines they stand in."""
        info, records = self._log.info, sorted(lost)
        wanted = sorted({bad.row for bad in self._bad})
        rows = find_rows(info, wanted, records, self._n_rows) if wanted else {}
        for bad in self._bad:
            yield self._row(rows.get(bad.row), bad.column, bad.value, bad.reason)
        n_lines = self._n_rows + len(records) + int(info.head.has_header)
        for record, original in find_records(info, records[:LARGEST], n_lines).items():
            yield self._row(original, None, None, lost[record])

    def _row(
        self, found: Original | None, column: str | None, value: str | None, reason: str
    ) -> dict[str, object]:
        """A row of the quarantine; line and text are null where the row could not be found again."""
        line, text = (found.line, found.text) if found else (None, None)
        shown = text if self._with_text else None
        return {
            FILE: self._log.info.name,
            LINE: line,
            COLUMN: column,
            VALUE: value,
            REASON: reason,
            TEXT: shown,
        }

    def _write(self, rows: list[dict[str, object]]) -> None:
        if not rows:
            return
        table = pa.Table.from_pylist(rows, schema=SCHEMA)
        if self._writer is None:
            self._writer = pq.ParquetWriter(self.path, SCHEMA)
        self._writer.write_table(table)
        shown = [self.first, table.slice(0, _SHOWN).to_pandas()]
        self.first = pd.concat(shown, ignore_index=True).head(_SHOWN)


def _line(row: dict[str, object]) -> int:
    return int(str(row[LINE] or 0))
