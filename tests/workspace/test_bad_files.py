"""Files that are no log, or are damaged."""

import gzip
import os
import socket
import time
from pathlib import Path

import pyarrow as pa
import pytest

from recsys_core.errors import InputError
from recsys_core.logs.formats import detect
from recsys_core.logs.reading import Reading
from recsys_core.workspace.imports import import_logs, preview_import
from recsys_core.workspace.requests import ImportRequest
from recsys_core.workspace.workspace import Workspace
from tests.workspace.bad_files import (
    GOOD,
    HEADER,
    imported,
    lines_set_aside,
    nothing_was_saved,
    refused,
    rows,
    set_aside,
    stored,
    text,
    with_last,
    write,
    zipped,
)

AGAIN = "Export the log again; it needs a header and rows."
KNOWN = "Driftmap reads delimited text, JSON lines and Parquet, plain or packed as gz, zst or zip"
D = "Download or export it again."
NEVER_CLOSED = 'Close it, or write "" for a quotation mark inside quotes.'
TOO_LONG = 'Close the quotation, or write "" for a quotation mark inside quotes.'
SHUFFLED = [n * 7_919 % 1_000_003 * 31 % 999_983 for n in range(60_000)]
LARGE = text(f"u{n % 97},i{number},2013-06-01" for n, number in enumerate(SHUFFLED)).encode()
ZSTD = pa.compress(LARGE, "zstd", asbytes=True)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("log.csv", b"", f"log.csv is empty. {AGAIN}"),
        ("log.csv", b"\n \n\r\n\t\n", f"log.csv is empty. {AGAIN}"),
        ("log.csv", HEADER + "\n", "log.csv has a header but no rows. Export the log again with its rows."),
        ("log.csv", bytes(range(256)) * 9, f"log.csv is a binary file, not a log. {KNOWN}."),
        ("log.csv", b"\x89PNG\r\n\x1a\n", f"log.csv is a picture, not a log. {KNOWN}; convert it first."),
        ("log.csv", b"SQLite format 3\0", f"log.csv is an SQLite database, not a log. {KNOWN}; "),
        ("log.csv", b"%PDF-1.7\n", f"log.csv is a PDF, not a log. {KNOWN}; convert it first."),
        ("log.csv", zipped(("[Content_Types].xml", "<a/>")), "log.csv is a workbook, not a log. Save its"),
        (
            "log.csv",
            "user_id\nu1\nu2\n",
            "log.csv has only one column, or none that can be told apart: 'user",
        ),
        (
            "log.csv",
            text(rows(30), "user_id,item_id,user_id"),
            "log.csv has more than one column 'user_id' (columns 1 and 3). Rename or remove all but one.",
        ),
        (
            "log.csv",
            text((f"{row},1" for row in rows(30)), "user_id,item_id,time,Time"),
            "log.csv has more than one column 'time' or 'Time' (columns 3 and 4). Rename or remove all but",
        ),
        (
            "log.csv",
            text((f"u{n},i{n},red" for n in range(30)), "user_id,item_id,colour"),
            "log.csv has no column that looks like the time. It has: user_id, item_id, colour. Map one of",
        ),
        ("log.csv.gz", b"", f"log.csv.gz is empty. {AGAIN}"),
        ("log.csv.gz", gzip.compress(b"", mtime=0), f"log.csv.gz is empty. {AGAIN}"),
        (
            "log.csv.gz",
            gzip.compress(GOOD.encode(), mtime=0)[:60],
            f"log.csv.gz is a damaged or cut-off gzip file. {D}",
        ),
        (
            "log.csv.gz",
            gzip.compress(GOOD.encode(), mtime=0)[:-8],
            f"log.csv.gz is a damaged or cut-off gzip file. {D}",
        ),
        (
            "log.csv.gz",
            gzip.compress(LARGE, mtime=0)[:-3000],
            f"log.csv.gz is a damaged or cut-off gzip file. {D}",
        ),
        (
            "log.csv.gz",
            gzip.compress(LARGE, mtime=0)[:-8] + bytes(8),
            f"log.csv.gz is a damaged or cut-off gzip file. {D}",
        ),
        (
            "log.csv.gz",
            gzip.compress(GOOD.encode(), mtime=0) + b"more",
            f"log.csv.gz is a damaged or cut-off gzip file. {D}",
        ),
        (
            "log.csv.gz",
            gzip.compress(gzip.compress(LARGE, mtime=0), mtime=0),
            f"log.csv.gz is a binary file, not a log. {KNOWN}.",
        ),
        ("log.csv.zst", ZSTD[: len(ZSTD) // 3], f"log.csv.zst is a damaged or cut-off zstd file. {D}"),
        ("log.csv.zst", ZSTD[:-2000], f"log.csv.zst is a damaged or cut-off zstd file. {D}"),
        (
            "log.csv",
            text(['u1,"i1,2013-06-01', *rows()]),
            "No row of log.csv has 3 cells, as its header has; the first has 2. Check the delimiter, and",
        ),
        (
            "log.csv",
            GOOD.replace("u5,i5,", 'u5,"i5,'),
            f"log.csv has a quotation mark that is never closed, near line 7. {NEVER_CLOSED}",
        ),
        (
            "log.csv",
            text([*rows(30_000), 'u1,"x,2013-06-01', *rows()]),
            f"log.csv has a quotation mark that is never closed, near line 30002. {NEVER_CLOSED}",
        ),
        (
            "log.csv",
            with_last('u1,x,"2013-06-01'),
            f"log.csv has a quotation mark that is never closed, near line 402. {NEVER_CLOSED}",
        ),
        (
            "log.csv",
            text(["u1,x,2013-06-01", f"u1,{'x' * 3_000_000},2013-06-01", *rows()]),
            f"Line 3 of log.csv is longer than 2 MB; perhaps a quotation mark is never closed. {TOO_LONG}",
        ),
        (
            "log.csv",
            "x" * 3_000_000 + "\n" + GOOD,
            "The first line of log.csv is longer than 256 kB. A log has one event on each line; check what",
        ),
    ],
)
def test_what_is_no_log_is_refused(
    ws: Workspace, tmp_path: Path, name: str, content: str | bytes, message: str
) -> None:
    assert refused(ws, write(tmp_path / name, content)).startswith(message)


def test_a_line_of_200_mb_is_refused_fast(ws: Workspace, tmp_path: Path) -> None:
    path = write(tmp_path / "log.csv", text([*rows(20_000), "u1,"])[:-1])
    with path.open("ab") as file:
        for _ in range(200):
            file.write(b"x" * (1 << 20))
        file.write(b",2013-06-01\n" + "\n".join(rows()).encode())
    begun = time.monotonic()
    assert refused(ws, path).startswith("Line 20002 of log.csv is longer than 2 MB")
    assert time.monotonic() - begun < 20


def test_a_quotation_mark_inside_a_cell_is_set_aside(ws: Workspace, tmp_path: Path) -> None:
    report = imported(ws, write(tmp_path / "log.csv", with_last('u1,"x"y,2013-06-01', "u1,x,2013-06-01")))
    assert set_aside(report) == [
        (402, None, None, "quotation mark inside a cell", 'u1,"x"y,2013-06-01'),
    ]
    assert report.n_kept == 401


def test_what_is_no_plain_file_is_refused_and_does_not_hang(ws: Workspace, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "socket.csv"))
        for path in (tmp_path / "pipe.csv", tmp_path / "socket.csv", Path("/dev/zero")):
            assert refused(ws, path) == f"The file {str(path)!r} is no plain file. Check the path."
    (tmp_path / "loop.csv").symlink_to("loop.csv")
    assert "does not exist" in refused(ws, tmp_path / "loop.csv")
    assert refused(ws, Path("x" * 300)) == (
        f"{'x' * 60} cannot be read: File name too long. Check the path and whether you may read it."
    )


def test_a_file_that_may_not_be_read(ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "log.csv", GOOD)

    def forbidden(*_: object) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("recsys_core.logs.formats.is_parquet", forbidden)
    assert refused(ws, path) == "log.csv cannot be read: Permission denied. Check whether you may read it."


def test_a_file_that_goes_or_changes_between_preview_and_import(ws: Workspace, tmp_path: Path) -> None:
    path = write(tmp_path / "log.csv", GOOD)
    request = ImportRequest.of("shop", (path,))
    assert preview_import(ws, request).problem == ""
    path.unlink()
    assert refused(ws, path) == f"The file {str(path)!r} does not exist. Check the path."
    write(path, GOOD.replace("time", "hue").replace("2013-06-", "red"))
    assert "has no column that looks like the time" in refused(ws, path)


@pytest.mark.parametrize(("size", "told"), [(None, "it is gone"), (9, "it has 9 bytes now and had 7,")])
def test_a_file_that_changes_during_the_import(
    ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int | None, told: str
) -> None:
    from recsys_core.workspace import imports

    path = write(tmp_path / "log.csv", GOOD)
    read = imports.read_interactions

    def change(*args: object, **rest: object) -> object:
        log = read(*args, **rest)  # type: ignore[arg-type]
        path.unlink() if size is None else write(path, "x" * size)
        return log

    monkeypatch.setattr(imports, "read_interactions", change)
    assert f"log.csv changed while it was read: {told}" in refused(ws, path)


def test_a_wrong_encoding(ws: Workspace, tmp_path: Path) -> None:
    french = text(rows(400, lambda n: f"u{n % 40},é{n},2013-06-01"))
    latin = write(tmp_path / "latin.csv", french.encode("latin-1"))
    assert refused(ws, latin, reading=Reading.parse(encoding="utf-8")).startswith(
        "400 of 400 rows (100.0%) cannot be used: 400 not valid text. For example line 2 of latin.csv (the "
        "line: not valid text);"
    )
    plain = write(tmp_path / "plain.csv", GOOD)
    assert refused(ws, plain, reading=Reading.parse(encoding="utf-16")) == (
        "plain.csv is not text in utf-16: UTF-16 stream does not start with BOM. Take another encoding."
    )
    assert "plain.csv has only one column" in refused(ws, plain, reading=Reading.parse(encoding="utf-16-le"))


def test_mixed_encodings(ws: Workspace, tmp_path: Path) -> None:
    french = text(rows(400, lambda n: f"u{n % 40},é{n},2013-06-01")).encode()
    mixed = french.replace("é70,".encode(), "é70,".encode("latin-1"))
    report = imported(ws, write(tmp_path / "log.csv", mixed))
    assert set_aside(report) == [(72, None, None, "not valid text", "u30,\ufffd70,2013-06-01")]


@pytest.mark.parametrize("more", [b"\x41", "u\ud800,x,2013-06-01\n".encode("utf-16-le", "surrogatepass")])
def test_half_a_letter_of_utf_16_is_set_aside(ws: Workspace, tmp_path: Path, more: bytes) -> None:
    report = imported(ws, write(tmp_path / "log.csv", GOOD.encode("utf-16") + more))
    assert (report.n_kept, lines_set_aside(report)) == (400, [(402, "not valid text")])


@pytest.mark.one_database  # opens no catalogue
@pytest.mark.parametrize("name", ["klingon", "base64", "rot13", "idna", "punycode", "undefined"])
def test_an_unknown_encoding(name: str) -> None:
    with pytest.raises(InputError, match=f"There is no text encoding '{name}'. Take one of: utf-8, utf-16"):
        Reading.parse(encoding=name)


@pytest.mark.parametrize(
    "content",
    [
        GOOD.replace("\n", "\r\n"),
        GOOD.replace("\n", "\r"),
        GOOD.replace("\n", "\r\n", 200),
        GOOD.replace("\n", "\r", 200),
        "\ufeff User ID , Item-ID ,TIME\n" + text(rows(), "")[1:],
        '\ufeff"user_id","item_id","time"\r\n' + text(rows(), "")[1:],
    ],
)
def test_line_ends_and_headers_of_every_kind(ws: Workspace, tmp_path: Path, content: str) -> None:
    report = imported(ws, write(tmp_path / "log.csv", content))
    assert (report.n_read, report.n_kept) == (400, 400)
    assert stored(report)["user_id"].tolist()[:2] == ["u0", "u1"]


def test_a_large_file_with_the_line_ends_of_an_old_mac(ws: Workspace, tmp_path: Path) -> None:
    more = text([*rows(20_000), "u1,x,soon"], end="\r")
    assert lines_set_aside(imported(ws, write(tmp_path / "log.csv", more))) == [(20_002, "not a time")]


@pytest.mark.parametrize(
    "name", ["a*b?[1].csv", "q'uo\"te.csv", "new\nline.csv", "🙂.csv", "{a,b}.csv", "-rf"]
)
def test_odd_names_of_files(ws: Workspace, tmp_path: Path, name: str) -> None:
    path = write(tmp_path / name, GOOD)
    assert detect(path).name == name
    assert import_logs(ws, ImportRequest.of("shop", (path,))).n_kept == 400
    assert not nothing_was_saved(ws)
