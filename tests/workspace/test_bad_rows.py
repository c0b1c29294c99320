"""Rows that cannot be used: set aside with the line they stand in, and the import goes on."""

import gzip
from pathlib import Path

import pytest

from recsys_core.logs.reading import Reading
from recsys_core.workspace.workspace import Workspace
from tests.workspace.bad_files import (
    GOOD,
    HEADER,
    imported,
    lines_set_aside,
    notes,
    refused,
    rows,
    set_aside,
    stored,
    text,
    with_last,
    write,
)

WEIGHT = "not a number of at least 0"


def test_ragged_rows(ws: Workspace, tmp_path: Path) -> None:
    few = write(tmp_path / "few.csv", with_last("u1,x", "u1,x,2013-06-01,more", "u1,y,2013-06-01"))
    many = write(tmp_path / "many.csv", text([*rows(), *["u1,x"] * 100]))
    assert refused(ws, many) == (
        "100 of 500 rows (20.0%) cannot be used: 100 too few columns. For example line 402 of many.csv (the "
        "line: too few columns); line 403 of many.csv (the line: too few columns); line 404 of many.csv (the "
        "line: too few columns). Nothing was saved. Check which columns were mapped, mend the file, or allow "
        "more than 5% bad rows."
    )
    assert set_aside(imported(ws, few)) == [
        (402, None, None, "too few columns", "u1,x"),
        (403, None, None, "too many columns", "u1,x,2013-06-01,more"),
    ]


def test_ids_that_are_missing(ws: Workspace, tmp_path: Path) -> None:
    bad = [
        "NaN,x,2013-06-01",
        ",x,2013-06-01",
        "u1,null,2013-06-01",
        r"\N,x,2013-06-01",
        "u1,\u3000,2013-06-01",
    ]
    report = imported(
        ws, write(tmp_path / "log.csv", with_last(*bad, '"None",x,2013-06-01', "u1, x ,2013-06-01"))
    )
    assert set_aside(report) == [
        (402, "user_id", None, "no user id", bad[0]),
        (403, "user_id", None, "no user id", bad[1]),
        (404, "item_id", None, "no item id", bad[2]),
        (405, "user_id", None, "no user id", bad[3]),
        (406, "item_id", None, "no item id", bad[4]),
        (407, "user_id", None, "no user id", '"None",x,2013-06-01'),
    ]


def test_ids_that_differ_only_in_case_or_space_are_told(ws: Workspace, tmp_path: Path) -> None:
    path = write(tmp_path / "log.csv", with_last("U1,x,2013-06-01", "u1 ,x,2013-06-02", "u1,I5,2013-06-01"))
    report = imported(ws, path)
    assert notes(report, "padded-ids") == ["1 id had space around it, which was removed."]
    same = "have ids that differ from another's only in upper and lower case."
    assert notes(report, "alike-users") == [f"2 users {same}"]
    assert notes(report, "alike-items") == [f"2 items {same}"]
    assert report.info.n_users == 41


def test_weights(ws: Workspace, tmp_path: Path) -> None:
    header, good = HEADER + ",weight", [f"{row},1" for row in rows()]
    every = write(tmp_path / "every.csv", text((f"{row},good" for row in rows(30)), header))
    assert "30 not a number of at least 0" in refused(ws, every)
    cells = ["-1", "inf", "-inf", "NaN", "lots", "1e39", '"1,5"', "", "0", " 2 ", "1e-3"]
    path = write(
        tmp_path / "log.csv", text([*good, *(f"u1,x{n},2013-06-01,{c}" for n, c in enumerate(cells))], header)
    )
    report = imported(ws, path)
    assert [row[:4] for row in set_aside(report)] == [
        (402 + n, "weight", cell.strip('"'), WEIGHT) for n, cell in enumerate(cells[:7])
    ]
    assert stored(report)["weight"].tolist()[400:] == [1.0, 0.0, 2.0, pytest.approx(0.001)]


def test_domains(ws: Workspace, tmp_path: Path) -> None:
    path = write(tmp_path / "log.csv", GOOD)
    for name in ("a/b", "..", "d" * 65):
        assert f"{name[:64]!r} cannot name a domain: names are 1 to 64 letters" in refused(
            ws, path, domain=name
        )
    bad = ["a/b", "d" * 65, ".hidden", ""]
    lines = [*(f"{row},tea" for row in rows()), *(f"u1,x,2013-06-01,{name}" for name in bad)]
    report = imported(ws, write(path, text([*lines, "u1,y,2013-06-01, tea "], HEADER + ",domain")))
    assert [row[:4] for row in set_aside(report)] == [
        (402, "domain", "a/b", "not a name for a domain"),
        (403, "domain", "d" * 65, "not a name for a domain"),
        (404, "domain", ".hidden", "not a name for a domain"),
        (405, "domain", None, "no domain"),
    ]
    assert report.info.domains == ("tea",)


def test_roles_that_do_not_fit(ws: Workspace, tmp_path: Path) -> None:
    path = write(tmp_path / "log.csv", GOOD)
    have = "It has: user_id, item_id, time."
    assert refused(ws, path, roles={"user": "uid"}) == (
        f"log.csv has no column 'uid', which was mapped to user. {have}"
    )
    assert refused(ws, path, roles={"user": ""}).startswith("log.csv has no column that looks like the user.")
    assert refused(ws, path, roles={"who": "user_id"}).startswith(
        "'who' is not a role of a column. The roles"
    )


def test_ids_keep_every_letter(ws: Workspace, tmp_path: Path) -> None:
    ids = [
        "12345678901234567890",
        "1e5",
        "007",
        "0x1F",
        "a\tb",
        "c\nd",
        "e\r\nf",
        'q"q',
        "a,b",
        "n\0l",
        "\x01",
    ]
    lines = [f'"{name.replace(chr(34), chr(34) * 2)}",x,2013-06-01' for name in ids]
    report = imported(ws, write(tmp_path / "log.csv", with_last(*lines)))
    assert stored(report)["user_id"].tolist()[400:] == ids


MESSY = [
    "",
    *rows(200),
    '"u1","one\ntwo\nthree",2013-06-01',
    "",
    "u1,x",
    "   ",
    "u2,soon,soon",
    'u3,"a\nb",never',
    "u4,x,2013-06-01,more,more",
    ",last,2013-06-01",
]
FOUND = [
    (207, "too few columns"),
    (208, "too few columns"),
    (209, "not a time"),
    (210, "not a time"),
    (212, "too many columns"),
    (213, "no user id"),
]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_lines_are_those_of_the_file(ws: Workspace, tmp_path: Path, encoding: str, end: str) -> None:
    content = text([*MESSY, "ué,x,2013-06-01"]).replace("\n", end).encode(encoding)
    for name, packed in (("log.csv", content), ("log.csv.gz", gzip.compress(content, mtime=0))):
        found = lines_set_aside(imported(ws, write(tmp_path / name, packed), max_bad=0.1))
        assert found == FOUND


def test_lines_of_a_file_without_a_header(ws: Workspace, tmp_path: Path) -> None:
    path = write(tmp_path / "log.csv", "\n".join([*rows(100), "", "u1,x", "u1,x,soon"]) + "\n")
    assert lines_set_aside(imported(ws, path)) == [(102, "too few columns"), (103, "not a time")]


def test_lines_of_mind(ws: Workspace, tmp_path: Path) -> None:
    made = [f"{n}\tU{n % 30}\t11/15/2019 8:55:22 AM\tN1\tN2-1 N3-0 N{n + 10}-1" for n in range(1, 61)]
    made.insert(40, "99\tU1\tsoon\tN1\tN5-1 N6-1")
    path = write(tmp_path / "behaviors.tsv", "\n".join(made) + "\n")
    report = imported(ws, path)
    assert lines_set_aside(report) == [(41, "not a time"), (41, "not a time")]
    assert report.n_kept == 120


def test_a_wrong_delimiter(ws: Workspace, tmp_path: Path) -> None:
    path = write(tmp_path / "log.csv", GOOD)
    assert "log.csv has only one column" in refused(ws, path, reading=Reading.parse(delimiter=";"))


def test_the_quarantine_holds_original_lines_of_other_encodings(ws: Workspace, tmp_path: Path) -> None:
    path = write(tmp_path / "log.csv", with_last("Zoë,Größe,soon").encode("utf-16"))
    assert set_aside(imported(ws, path)) == [(402, "time", "soon", "not a time", "Zoë,Größe,soon")]
