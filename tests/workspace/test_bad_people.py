"""Tables of people with something wrong in them, beside a good log of 40 users."""

from pathlib import Path

import pytest

from recsys_core.workspace.imports import preview_import
from recsys_core.workspace.requests import ImportReport, ImportRequest
from recsys_core.workspace.workspace import Workspace
from tests.workspace.bad_files import GOOD, imported, notes, refused, write

TEN = "".join(f"u{n},F,{20 + n}\n" for n in range(12))
HEADER = "user_id,gender,age\n"


def with_people(ws: Workspace, folder: Path, content: str | bytes, name: str = "users.csv") -> ImportReport:
    log, people = write(folder / "log.csv", GOOD), write(folder / name, content)
    return imported(ws, log, people=(people,))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "users.csv is empty. Export the log again; it needs a header and rows."),
        (
            "label,price\nA,x\n",
            "users.csv has no column that looks like the user. It has: label, price. Map one of them, e.g. "
            "user=label.",
        ),
        (
            'user_id,age\nu1,3\nu2,"4\nu3,5\n',
            "users.csv has a quotation mark that is never closed, near line 3.",
        ),
    ],
)
def test_people_that_are_refused(ws: Workspace, tmp_path: Path, content: str, message: str) -> None:
    log, people = write(tmp_path / "log.csv", GOOD), write(tmp_path / "users.csv", content)
    assert refused(ws, log, people=(people,)).startswith(message)


def test_rows_that_are_left_out_are_counted_and_name_nobody(ws: Workspace, tmp_path: Path) -> None:
    report = with_people(ws, tmp_path, HEADER + TEN + "u1,M,\nu2,F,22\n,F,1\nstranger,F,2\n")
    assert notes(report, "people-without-id") == ["1 row of users.csv has no user id and was left out."]
    assert notes(report, "repeated-people") == [
        "2 rows of users.csv tell of a person again; what is told first counts."
    ]
    assert notes(report, "disagreeing-people") == [
        "1 person in users.csv is told of in two ways; what is told first counts."
    ]
    assert notes(report, "unknown-people") == ["1 person who is told of has no event and was left out."]
    assert notes(report, "people") == ["12 of 40 users have attributes: gender, age."]
    assert "stranger" not in str(report.info.manifest)


@pytest.mark.parametrize(
    ("name", "content", "count", "line"),
    [
        ("users.csv", f"{HEADER}\nu30,M\n{TEN}u31,M,2,3\n", 2, 3),
        ("users.jsonl", '{"user_id":"u1","age":"3"}\n\nbroken\n', 1, 3),
    ],
)
def test_lines_that_are_nobody(
    ws: Workspace, tmp_path: Path, name: str, content: str, count: int, line: int
) -> None:
    (told,) = notes(with_people(ws, tmp_path, content, name), "malformed-people")
    assert told.startswith(f"{count} line")
    assert told.endswith(f"left out, the first at line {line}.")


def test_what_groups_nobody_is_told_and_not_stored(ws: Workspace, tmp_path: Path) -> None:
    rows = "".join(f"u{n},F,Ann {n},a{n}@example.org\n" for n in range(12))
    report = with_people(ws, tmp_path, "user_id,gender,name,email\n" + rows)
    assert notes(report, "dropped-attributes") == [
        "Not stored of people: name, email. No ten people share a value, so that no group could be shown."
    ]
    (personal,) = notes(report, "personal-data")
    assert personal.startswith("12 of 12 values of people's email hold e-mail addresses, such as a…@e….org.")
    people = ws.load_dataset("shop").people
    assert people is not None
    assert list(people.table) == ["user_id", "gender"]


def test_a_table_of_strangers_stores_nothing(ws: Workspace, tmp_path: Path) -> None:
    report = with_people(ws, tmp_path, HEADER + TEN.replace("u", "x"))
    assert notes(report, "unknown-people") == ["12 people who are told of have no event and were left out."]
    assert ws.load_dataset("shop").people is None
    assert not (report.info.folder / "people.parquet").exists()


def test_of_the_first_rows_nothing_is_said_of_who_is_missing(ws: Workspace, tmp_path: Path) -> None:
    log, people = write(tmp_path / "log.csv", GOOD), write(tmp_path / "users.csv", HEADER + TEN)
    request = ImportRequest.of("shop", (log,), people=(people,))
    assert "unknown-people" not in [one.kind for one in preview_import(ws, request, row_limit=5).findings]
    assert "people" in [one.kind for one in preview_import(ws, request).findings]
