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

from recsys_core.columns import EVENT, USER_ID, WEIGHT
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
from recsys_core.logs.times import TimeReading, latest
from recsys_core.progress import Progress, Silent

CLEAN = "clean.parquet"
QUARANTINE = "quarantine.parquet"


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
        self._schema, self._seen, self._counts = event_schema(until), SeenRows(), _Counts()
        self._quarantine = Quarantine(folder / QUARANTINE, with_text=pseudonyms is None)
        self._file = CleanFile(folder / CLEAN, sessions)
        self._pool = ThreadPoolExecutor(1)  # keeps a batch while the next is read and judged
        self._last: Future[None] = self._pool.submit(lambda: None)

    def take(
        self, connection: duckdb.DuckDBPyConnection, log: LogFile, parsed: Parsed, progress: Progress
    ) -> None:
        """Read one file to its end."""
        self._quarantine.begin(log)
        for batch in parsed.batches:
            progress.check_cancelled()
            rows, n_padded = tidied(batch, log.domain, parsed.times.unit)
            verdict = judge(judged_frame(rows), self._schema)
            self._quarantine.add(rows, verdict)
            self._counts.padded += n_padded
            self._counts.files[log.info.name] += len(rows)
            self._last.result()
            self._last = self._pool.submit(self._keep, rows, verdict == GOOD)
        self._last.result()
        self._counts.files[log.info.name] += self._quarantine.end(connection, parsed.rejects)

    def close(self) -> None:
        """Finish the files."""
        self._pool.shutdown()
        self._file.close()
        self._quarantine.close()

    def result(self, times: Mapping[str, TimeReading]) -> CleanLog:
        """What became of all files."""
        counts, bad = self._counts, self._quarantine
        return CleanLog(
            path=self._folder / CLEAN,
            hash=self._file.hexdigest(),
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
        if not good.all():
            rows = rows.filter(pa.array(good))
        counts.events.update(count_names(rows[EVENT]))
        counted, weight = self._rules.weigh(rows)
        fresh = counted.copy()
        if self._rules.repeats is not Repeats.KEEP:
            fresh[counted] = self._seen.new(rows[ROW_HASH].to_numpy()[counted])
        counts.left_out += int((~counted).sum())
        counts.repeats += int((counted & ~fresh).sum())
        counts.kept += int(fresh.sum())
        rows = rows.set_column(rows.schema.get_field_index(WEIGHT), WEIGHT, pa.array(weight))
        if not fresh.all():
            rows = rows.filter(pa.array(fresh))
        if self._pseudonyms is not None:
            users = self._pseudonyms.of_all(rows[USER_ID].combine_chunks())
            rows = rows.set_column(rows.schema.get_field_index(USER_ID), USER_ID, users)
        self._file.add(rows)
