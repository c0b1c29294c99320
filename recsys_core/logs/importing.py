"""Log files in, one clean Parquet file of interactions out; bad rows set aside, repeats left out.

Rows stream by in batches: DuckDB parses, pandera judges, what is good is written. Memory stays flat.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from recsys_core.columns import EVENT, INTERACTION_COLUMNS, SESSION_ID, USER_ID, WEIGHT
from recsys_core.logs.batches import count_names, judged_frame, tidied
from recsys_core.logs.clean_log import CleanLog
from recsys_core.logs.event_rules import EventRules
from recsys_core.logs.parsing import ROW_HASH, LogFile, Parsed, Repeats, parse
from recsys_core.logs.pseudonyms import Pseudonyms
from recsys_core.logs.quarantining import Quarantine
from recsys_core.logs.repeats import SeenRows
from recsys_core.logs.rules import GOOD, event_schema, judge
from recsys_core.logs.sources import open_duckdb
from recsys_core.logs.storing import CleanFile
from recsys_core.logs.tally import HASHES, USER_HASH, TallyCounter, hash_ids
from recsys_core.logs.times import TimeReading, latest
from recsys_core.progress import Progress, Silent

CLEAN = "clean.parquet"
QUARANTINE = "quarantine.parquet"
_KEPT = {*INTERACTION_COLUMNS, SESSION_ID, *HASHES.values()}


@dataclass
class _Counts:
    """What has been counted so far."""

    kept: int = 0
    repeats: int = 0
    left_out: int = 0
    padded: int = 0
    events: Counter[str] = field(default_factory=Counter)
    files: Counter[str] = field(default_factory=Counter)


def read_interactions(
    logs: Sequence[LogFile],
    folder: Path,
    pseudonyms: Pseudonyms | None = None,
    rules: EventRules | None = None,
    until: datetime | None = None,
    row_limit: int | None = None,
    progress: Progress | None = None,
) -> CleanLog:
    """Clean log files into ``folder``.

    ``until``: events at or after it are bad, by default a day from now. ``row_limit``: only the first so many
    rows of each file. Raises InputError.
    """
    progress, rules = progress or Silent(), rules or EventRules()
    until = until or latest()
    stream = _Stream(folder, pseudonyms, rules, until, sessions=any(log.roles.session for log in logs))
    times = {}
    try:
        for number, log in enumerate(logs):
            progress.advance(number, len(logs), f"Reading {log.info.name}")
            with open_duckdb(folder) as connection:
                parsed = parse(connection, log, number, folder, until, rules.repeats, row_limit)
                times[log.info.name] = parsed.times
                stream.take(connection, log, parsed, progress)
        return stream.result(times)
    finally:
        stream.close()


class _Stream:
    """The rows of all files on their way into one Parquet file, and into the quarantine."""

    def __init__(
        self,
        folder: Path,
        pseudonyms: Pseudonyms | None,
        rules: EventRules,
        until: datetime,
        sessions: bool,
    ) -> None:
        self._folder, self._pseudonyms, self._rules = folder, pseudonyms, rules
        self._seen, self._counts = SeenRows(), _Counts()
        self._quarantine = Quarantine(folder / QUARANTINE, with_text=pseudonyms is None)
        self._file, self._tally = CleanFile(folder / CLEAN, sessions), TallyCounter()
        self._pool = ThreadPoolExecutor(1)  # keeps a batch while the next is read and judged
        self._counting = ThreadPoolExecutor(1)
        self._schema = self._pool.submit(event_schema, until)  # which loads pandera
        self._last: Future[None] = self._pool.submit(lambda: None)

    def take(
        self, connection: duckdb.DuckDBPyConnection, log: LogFile, parsed: Parsed, progress: Progress
    ) -> None:
        """Read one file to its end."""
        self._quarantine.begin(log)
        for batch in parsed.batches:
            progress.check_cancelled()
            rows, n_padded = tidied(batch, log.domain, parsed.times.unit)
            verdict = judge(judged_frame(rows), self._schema.result())
            self._quarantine.add(rows, verdict)
            self._counts.padded += n_padded
            self._counts.files[log.info.name] += len(rows)
            self._last.result()
            self._last = self._pool.submit(self._keep, rows, verdict == GOOD)
        self._counts.files[log.info.name] += self._quarantine.end(connection, parsed.rejects)
        self._last.result()

    def close(self) -> None:
        """Finish the files."""
        self._pool.shutdown()
        self._counting.shutdown()
        self._file.close()
        self._quarantine.close()

    def result(self, times: Mapping[str, TimeReading]) -> CleanLog:
        """What became of all files."""
        counts, bad = self._counts, self._quarantine
        del self._seen  # its memory goes to what is made here
        return CleanLog(
            path=self._folder / CLEAN,
            hash=self._file.hexdigest(),
            tally=self._tally.result(),
            n_read=counts.files.total(),
            n_kept=counts.kept,
            n_bad=bad.reasons.total(),
            n_repeats=counts.repeats,
            n_left_out=counts.left_out,
            n_padded=counts.padded,
            bad=bad.first,
            quarantine=bad.path if bad.reasons else None,
            reasons=dict(bad.reasons),
            events=dict(counts.events.most_common()),
            times=dict(times),
            rows_of_files=dict(counts.files),
        )

    def _keep(self, rows: pa.Table, good: NDArray[np.bool_]) -> None:
        """Write what is good, counts by the rules and is no repeat."""
        counts = self._counts
        counts.events.update(count_names(rows[EVENT].filter(pa.array(good))))
        counted, weight = self._rules.weigh(rows)
        counted &= good
        fresh = counted.copy()
        if self._rules.repeats is not Repeats.KEEP:
            fresh[counted] = self._seen.new(rows[ROW_HASH].to_numpy()[counted])
        counts.left_out += int((good & ~counted).sum())
        counts.repeats += int((counted & ~fresh).sum())
        counts.kept += int(fresh.sum())
        rows = _with_column(rows, WEIGHT, pa.array(weight))
        rows = rows.select([name for name in rows.column_names if name in _KEPT])
        if not fresh.all():
            rows = rows.filter(pa.array(fresh))
        if self._pseudonyms is not None:
            users = self._pseudonyms.of_all(rows[USER_ID].combine_chunks())
            rows = _with_column(rows, USER_ID, users)
            rows = _with_column(rows, USER_HASH, pa.array(hash_ids(users)))
        counting = self._counting.submit(self._tally.add, rows)
        self._file.add(rows)
        counting.result()


def _with_column(rows: pa.Table, name: str, values: pa.Array) -> pa.Table:
    return rows.set_column(rows.schema.get_field_index(name), name, values)
