"""Whatever a table holds, what is imported is what was written."""

import csv
import io
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recsys_core.columns import DOMAIN, EVENT, ITEM_ID, USER_ID, WEIGHT
from recsys_core.logs.event_rules import EventRules
from recsys_core.logs.filters import keep_frequent
from recsys_core.logs.formats import detect
from recsys_core.logs.importing import CleanLog, read_interactions
from recsys_core.logs.parsing import LogFile
from recsys_core.logs.reading import Reading
from recsys_core.logs.repeats import SeenRows
from recsys_core.logs.roles import REQUIRED, settle_roles
from recsys_core.logs.sources import open_duckdb

pytestmark = pytest.mark.one_database  # opens no catalogue


Row = tuple[str, str, int, float]
SPACE = " \t\r\n\u00a0\u3000\ufeff"
MISSING = ("", "null", "nan", "none", r"\n")
COLUMNS = ("user_id", "item_id", "time", "weight")
ANCHOR: Row = ("anchor" * 2000, "anchor item", 1_500_000_000, 1.0)
"""Long, so that a few control characters do not make a binary file."""

letters = st.characters(codec="utf-8", exclude_characters="\ufeff")
ids = st.one_of(
    st.text(letters, max_size=8),
    st.text("\"',;|\t\n\r\\ aé\0\x01", max_size=6),
    st.sampled_from(["007", "1e5", "NaN", "None", "null", " ", "12345678901234567890", "true", "=1+1"]),
)
table = st.lists(
    st.tuples(ids, ids, st.integers(10**9, 16 * 10**8), st.floats(0, 1000, width=32, allow_subnormal=False)),
    max_size=12,
)
hashes = st.integers(0, 30).map(lambda n: n * 0x9E3779B97F4A7C15 % 2**64)
few = st.integers(0, 6)
quick = settings(max_examples=15, deadline=None, derandomize=True)


def expected(rows: list[Row]) -> tuple[list[Row], int, int]:
    """The rows that are kept, how many have an id missing, how many repeat another."""
    kept, n_bad, n_repeats, seen = [], 0, 0, set()
    for user, item, time, weight in rows:
        tidied = (user.strip(SPACE), item.strip(SPACE))
        if any(name.lower() in MISSING for name in tidied):
            n_bad += 1
        elif (user, item, time, weight) in seen:
            n_repeats += 1
        else:
            seen.add((user, item, time, weight))
            kept.append((*tidied, time, weight))
    return kept, n_bad, n_repeats


def read(content: bytes, name: str, reading: Reading | None = None) -> tuple[CleanLog, list[Row]]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        info = detect(path, reading)
        log = LogFile(info, settle_roles(name, info.columns, info.guess, {}, REQUIRED), "tea")
        clean = read_interactions([log], Path(folder))
        frame = pd.read_parquet(clean.path)
    seconds = frame["timestamp"].astype("int64") // 10**6
    stored = list(zip(frame[USER_ID], frame[ITEM_ID], seconds.tolist(), frame[WEIGHT].tolist(), strict=True))
    return clean, stored


def check(
    rows: list[Row], make: Callable[[list[Row]], bytes], name: str, reading: Reading | None = None
) -> None:
    rows = [ANCHOR, *rows]
    kept, n_bad, n_repeats = expected(rows)
    clean, stored = read(make(rows), name, reading)
    assert stored == kept
    assert (clean.n_read, clean.n_bad, clean.n_repeats) == (len(rows), n_bad, n_repeats)
    assert clean.n_read == clean.n_kept + clean.n_bad + clean.n_repeats + clean.n_left_out


def in_csv(delimiter: str, quoting: int, end: str, encoding: str) -> Callable[[list[Row]], bytes]:
    def make(rows: list[Row]) -> bytes:
        out = io.StringIO(newline="")
        writer = csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=end)  # type: ignore[arg-type]
        writer.writerows([COLUMNS, *rows])
        return out.getvalue().encode(encoding)

    return make


@quick
@given(
    table,
    st.sampled_from([",", ";", "|", "\t"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]),
)
def test_csv(rows: list[Row], delimiter: str, quoting: int, end: str, encoding: str) -> None:
    make = in_csv(delimiter, quoting, end, encoding)
    check(rows, make, "log.csv", Reading(delimiter=delimiter, encoding=encoding.removesuffix("-sig")))


@quick
@given(table, st.booleans())
def test_json_lines(rows: list[Row], ascii_only: bool) -> None:
    def make(rows: list[Row]) -> bytes:
        objects = (dict(zip(COLUMNS, row, strict=True)) for row in rows)
        return "".join(json.dumps(one, ensure_ascii=ascii_only) + "\n" for one in objects).encode()

    check(rows, make, "log.jsonl", Reading(encoding="utf-8"))


@quick
@given(table)
def test_parquet(rows: list[Row]) -> None:
    def make(rows: list[Row]) -> bytes:
        out = io.BytesIO()
        pq.write_table(pa.table(dict(zip(COLUMNS, map(list, zip(*rows, strict=True)), strict=True))), out)
        return out.getvalue()

    check(rows, make, "log.parquet")


@quick
@given(
    st.lists(
        st.lists(st.integers(0, 30).map(lambda n: n * 0x9E3779B97F4A7C15 % 2**64), max_size=30), max_size=5
    )
)
def test_seen_rows_are_a_set(batches: list[list[int]]) -> None:
    seen, known = SeenRows(), set[int]()
    for batch in batches:
        fresh = []
        for row in batch:
            fresh.append(row not in known)
            known.add(row)
        assert seen.new(np.array(batch, dtype=np.uint64)).tolist() == fresh


def frequent(pairs: list[tuple[int, int]], core: int, history: int) -> list[tuple[int, int]]:
    """The definition, step by step."""
    users = Counter(user for user, _ in pairs)
    pairs = [pair for pair in pairs if users[pair[0]] >= history]
    while True:
        users, items = Counter(user for user, _ in pairs), Counter(item for _, item in pairs)
        left = [(user, item) for user, item in pairs if users[user] >= core and items[item] >= core]
        if left == pairs:
            return pairs
        pairs = left


@quick
@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=60),
    st.integers(1, 4),
    st.integers(1, 4),
)
def test_filters_are_their_definition(pairs: list[tuple[int, int]], core: int, history: int) -> None:
    with TemporaryDirectory() as name, open_duckdb(Path(name)) as connection:
        clean, out = Path(name) / "clean.parquet", Path(name) / "out.parquet"
        users, items = [f"u{user}" for user, _ in pairs], [f"i{item}" for _, item in pairs]
        columns = {USER_ID: users, ITEM_ID: items, DOMAIN: ["tea"] * len(pairs)}
        pq.write_table(pa.table({key: pa.array(cells, pa.string()) for key, cells in columns.items()}), clean)
        gone = keep_frequent(connection, clean, EventRules(core=core, min_history=history), out)
        left = pq.read_table(out)
    kept = frequent(pairs, core, history)
    assert (left[USER_ID].to_pylist(), left[ITEM_ID].to_pylist()) == (
        [f"u{user}" for user, _ in kept],
        [f"i{item}" for _, item in kept],
    )
    assert gone == len(pairs) - len(kept)


weights = st.floats(0, 100, width=32)
factors = st.dictionaries(st.sampled_from(["view", "buy", "cart"]), st.sampled_from([0.0, 0.5, 1.0, 3.0]))


@quick
@given(
    st.lists(st.tuples(st.sampled_from(["view", "buy", "click"]), weights), max_size=20),
    factors,
    st.none() | weights,
    st.booleans(),
)
def test_events_are_weighed(
    rows: list[tuple[str, float]], factors: dict[str, float], least: float | None, equal: bool
) -> None:
    events = pa.table(
        {
            EVENT: pa.array([event for event, _ in rows], pa.string()).dictionary_encode(),
            WEIGHT: pa.array([weight for _, weight in rows], pa.float32()),
        }
    )
    kept, weight = EventRules(events=factors, min_weight=least, equal_weights=equal).weigh(events)
    counts = [factors.get(event, 1.0) > 0 and (least is None or w >= least) for event, w in rows]
    assert kept.tolist() == counts
    wanted = [(1.0 if equal else w) * factors.get(event, 1.0) for event, w in rows]
    assert weight.tolist() == [float(np.float32(one)) for one in wanted]
    assert weight.dtype == np.float32
