"""JSON and Parquet files with something wrong in them."""

import io
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from recsys_core.logs.reading import Reading
from recsys_core.workspace.workspace import Workspace
from tests.workspace.bad_files import day, imported, lines_set_aside, refused, set_aside, stored, write

EVENTS = [{"user_id": f"u{n % 40}", "item_id": f"i{n}", "time": day(n)} for n in range(400)]
ONE = '{"user_id":"u1","item_id":"x","time":"2013-06-01"'
BIG = 12345678901234567890
NO_OBJECT = "not a JSON object"


def lines(*more: str, events: list[dict[str, object]] = EVENTS) -> str:  # type: ignore[assignment]
    return "".join(line + "\n" for line in (*map(json.dumps, events), *more))


def parquet(**columns: object) -> bytes:
    packed = io.BytesIO()
    pq.write_table(pa.table(columns), packed, row_group_size=50_000)
    return packed.getvalue()


def columns(count: int = 400) -> dict[str, list[object]]:
    return {
        "user_id": [f"u{n % 40}" for n in range(count)],
        "item_id": [f"i{n}" for n in range(count)],
        "time": [1370000000 + n for n in range(count)],
    }


def spoilt(packed: bytes) -> bytes:
    middle = len(packed) // 2
    return packed[:middle] + bytes(2000) + packed[middle + 2000 :]


NO_OBJECTS = "No line of log.json is a JSON object. Write one object per line, each on one line."
DAMAGED = "log.parquet is a damaged Parquet file. Export it again."


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{\n", NO_OBJECTS),
        ("[]", NO_OBJECTS),
        ("[[1, 2], [3, 4]]", NO_OBJECTS),
        ("[" * 100_000, NO_OBJECTS),
        (json.dumps(EVENTS[0], indent=2), NO_OBJECTS),
        ("\n".join(json.dumps(event, indent=2) for event in EVENTS), NO_OBJECTS),
        (
            json.dumps({"events": EVENTS[:9]}) + "\n",
            "log.json has no column that looks like the user. It has: e",
        ),
        (json.dumps(EVENTS)[:9000], "The JSON list in log.json has no end: it was cut off. Export it again."),
        (
            json.dumps([*EVENTS, 1]),
            "log.json cannot be read to its end: JSON transform error in record/value 401",
        ),
        (f'{ONE},"Time":1}}\n', "log.json has more than one column 'time' or 'Time' (columns 3 and 4)."),
        ("{}\n{}\n", "log.json has a header but no rows."),
        (ONE + ',"t":"' + "x" * 20_000_000 + '"}\n', "The first line of log.json is longer than 256 kB."),
        (
            lines(ONE + ',"t":"' + "x" * 20_000_000 + '"}', ONE + "}"),
            "Line 401 of log.j",
        ),
    ],
)
def test_json_that_is_refused(ws: Workspace, tmp_path: Path, content: str, message: str) -> None:
    assert refused(ws, write(tmp_path / "log.json", content)).startswith(message)


def test_lines_that_are_no_objects(ws: Workspace, tmp_path: Path) -> None:
    bad = ["broken", '{"user_id":', "[1]", '"x"', "42", "null", "{}", '{"user_id":"\\ud800"}']
    more = ["", *bad, '{"user_id":"u1"}', '{"item_id":"x","time":"2013-06-01"}']
    report = imported(ws, write(tmp_path / "log.jsonl", lines(*more)))
    assert set_aside(report) == [
        *((402 + n, None, None, NO_OBJECT, line) for n, line in enumerate(bad)),
        (410, "item_id", None, "no item id", '{"user_id":"u1"}'),
        (411, "user_id", None, "no user id", '{"item_id":"x","time":"2013-06-01"}'),
    ]


@pytest.mark.parametrize("escape", ["\\ud800", "\\udc00x", "\\ud83d \\ude42"])
def test_half_a_letter_in_the_first_line(ws: Workspace, tmp_path: Path, escape: str) -> None:
    content = f'{ONE},"title":"{escape}"}}\n' + lines()
    assert lines_set_aside(imported(ws, write(tmp_path / "log.jsonl", content))) == [(1, NO_OBJECT)]


def test_bytes_that_are_no_text_in_json(ws: Workspace, tmp_path: Path) -> None:
    content = lines().encode() + ONE.encode().replace(b"x", b"\xff") + b"}\n" + lines().encode()
    report = imported(ws, write(tmp_path / "log.jsonl", content), reading=Reading.parse(encoding="utf-8"))
    assert (lines_set_aside(report), report.n_kept) == ([(401, NO_OBJECT)], 400)


@pytest.mark.parametrize(
    "content",
    [
        "\ufeff" + lines(),
        lines().replace("\n", "\r\n"),
        "\ufeff" + json.dumps(EVENTS),
        lines().encode("utf-16"),
        lines(events=[{**event, "tags": [1, [2, {"a": None}]]} for event in EVENTS]),
        f'{ONE[:-12]}"2013-06-29","deep":{"[" * 5000}{"]" * 5000}}}\n' + lines(events=EVENTS[1:]),
    ],
)
def test_json_that_is_as_good(ws: Workspace, tmp_path: Path, content: str | bytes) -> None:
    report = imported(ws, write(tmp_path / "log.json", content))
    assert (report.n_read, report.n_kept) == (400, 400)


def test_numbers_stay_what_they_are(ws: Workspace, tmp_path: Path) -> None:
    more = [{**EVENTS[0], "user_id": BIG, "item_id": item} for item in ("1e5", "007", 7, BIG * 10**10)]
    first = lines(*map(json.dumps, more))
    last = lines(*map(json.dumps, EVENTS), events=more)
    for number, content in enumerate((first, last, json.dumps([*EVENTS, *more]))):
        report = imported(ws, write(tmp_path / f"{number}.json", content), domain="tea")
        ids = stored(report).query(f"user_id == '{BIG}'")["item_id"].tolist()
        assert ids == ["1e5", "007", "7", "123456789012345678900000000000"]


def test_parquet_keeps_numbers(ws: Workspace, tmp_path: Path) -> None:
    table = columns() | {"user_id": pa.array([BIG + n % 40 for n in range(400)], pa.uint64())}
    report = imported(ws, write(tmp_path / "log.parquet", parquet(**table)))
    assert stored(report)["user_id"].tolist()[:2] == [str(BIG), str(BIG + 1)]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (parquet(**columns())[:-40], DAMAGED),
        (b"PAR1" + bytes(50), DAMAGED),
        (spoilt(parquet(**columns())), DAMAGED),
        (
            spoilt(parquet(**columns(300_000))),
            "log.parquet ",  # which of its damages is met first depends on the threads
        ),
        (parquet(**columns(0)), "log.parquet has a header but no rows. Export the log again with its rows."),
        (
            parquet(**columns(), Time=["x"] * 400),
            "log.parquet has more than one column 'time' or 'Time' (col",
        ),
        (
            parquet(**columns() | {"time": [None] * 400}),
            "The column 'time' of log.parquet holds no time in its",
        ),
    ],
)
def test_parquet_that_is_refused(ws: Workspace, tmp_path: Path, content: bytes, message: str) -> None:
    assert refused(ws, write(tmp_path / "log.parquet", content)).startswith(message)


def test_parquet_with_nulls_lists_and_structs(ws: Workspace, tmp_path: Path) -> None:
    table = columns() | {"tags": [[1, 2]] * 400, "at": [{"x": None}] * 400}
    table["user_id"][3] = table["item_id"][5] = table["time"][399] = None
    report = imported(ws, write(tmp_path / "log.parquet", parquet(**table)))
    assert [row[:4] for row in set_aside(report)] == [
        (4, "user_id", None, "no user id"),
        (6, "item_id", None, "no item id"),
        (400, "time", None, "no time"),
    ]
