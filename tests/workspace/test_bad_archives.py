"""ZIP archives and folders that hold no logs, or would do harm."""

import gzip
import os
import resource
import stat
import struct
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from recsys_core.workspace.workspace import Workspace
from tests.workspace.bad_files import (
    GOOD,
    HEADER,
    imported,
    lines_set_aside,
    notes,
    refused,
    with_last,
    write,
    zipped,
)

PLAIN = "Make the archive again from plain files."
ALONE = "Unpack that one and take it by itself."
DAMAGED = "logs.zip is a damaged or cut-off ZIP archive. Download or make it again."
BOMB = (
    "'log.csv' in logs.zip would unpack to more than 200 times its size, as no log does. If it is a log "
    "after all, unpack it yourself and take the file."
)
BOMBS = BOMB.replace("'log.csv'", "all of its 1 files")
GOOD_ZIP = zipped(("log.csv", GOOD))


def link() -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo("log.csv")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry


def patched(archive: bytes, at: int, kind: str, value: int) -> bytes:
    """The archive with another value in the directory entry of its first file."""
    changed = bytearray(archive)
    struct.pack_into(kind, changed, archive.find(b"PK\x01\x02") + at, value)
    return bytes(changed)


FLAGS, CRC, PACKED_SIZE, SIZE = 8, 16, 20, 24


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (GOOD_ZIP[:-30], DAMAGED),
        (GOOD_ZIP[:40] + bytes(40) + GOOD_ZIP[80:], DAMAGED),
        (patched(GOOD_ZIP, CRC, "<I", 7), DAMAGED),
        (
            patched(GOOD_ZIP, FLAGS, "<H", 1),
            "'log.csv' in logs.zip is locked by a password. Make the archive w",
        ),
        (zipped(), "The archive logs.zip holds no files. Put the logs into it."),
        (
            zipped((".DS_Store", "x"), ("__MACOSX/log.csv", GOOD)),
            "The archive logs.zip holds no files. Put the",
        ),
        (zipped(("in.zip", GOOD_ZIP)), f"logs.zip holds another archive, 'in.zip'. {ALONE}"),
        (zipped(("in.csv", GOOD_ZIP)), f"logs.zip holds another archive, 'in.csv'. {ALONE}"),
        (
            zipped(("../log.csv", GOOD)),
            f"logs.zip holds the name '../log.csv', which leads out of its folder. {PLAIN}",
        ),
        (
            zipped(("good.csv", GOOD), ("..\\log.csv", GOOD)),
            f"logs.zip holds the name '..\\\\log.csv', which leads out of its folder. {PLAIN}",
        ),
        (
            zipped(("/etc/log.csv", GOOD)),
            "logs.zip holds the name '/etc/log.csv', which leads out of its folder",
        ),
        (
            zipped(("C:\\log.csv", GOOD)),
            "logs.zip holds the name 'C:\\\\log.csv', which leads out of its folder",
        ),
        (
            zipped((link(), "/etc/passwd")),
            f"logs.zip holds 'log.csv', which is a link and not a file. {PLAIN}",
        ),
        (
            zipped(("mimetype", "x"), ("content.xml", "x")),
            "logs.zip is a workbook, not a log. Save its sheet as",
        ),
        (
            zipped(*((f"{n}.csv", "x") for n in range(1001))),
            "The archive logs.zip holds 1,001 files. Join them",
        ),
        (zipped(("README.md", "# About")), "No file holds interactions. logs.zip/README.md was left out: "),
    ],
)
def test_archives_that_are_refused(ws: Workspace, tmp_path: Path, content: bytes, message: str) -> None:
    assert refused(ws, write(tmp_path / "logs.zip", content)).startswith(message)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["logs.zip", "ws"]


@pytest.fixture(scope="module")
def bomb() -> bytes:
    """200 MB of zeros, which deflate packs 1,000 to 1."""
    return zipped(("log.csv", bytes(200 << 20)))


def test_a_bomb_is_refused_before_it_is_unpacked(ws: Workspace, tmp_path: Path, bomb: bytes) -> None:
    begun = time.monotonic()
    assert refused(ws, write(tmp_path / "logs.zip", bomb)) == BOMB
    assert time.monotonic() - begun < 2


def test_many_small_bombs_are_one(ws: Workspace, tmp_path: Path) -> None:
    members = ((f"{n}.csv", bytes(60 << 20)) for n in range(3))
    assert refused(ws, write(tmp_path / "logs.zip", zipped(*members))) == BOMBS.replace("1", "3")


@pytest.mark.parametrize(
    "pack", [gzip.compress, lambda content: zipped(("log.csv.gz", gzip.compress(content)))]
)
def test_a_bomb_of_whole_lines_is_refused_in_flat_memory_and_on_no_disk(
    ws: Workspace, tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    path = write(tmp_path / "log", pack(f"{HEADER}\n".encode() + b"u1,i1,2013-06-01\n" * 5_000_000))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    assert "unpacks to more than 200 times its size" in refused(ws, path)

    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 << 10


def test_what_is_packed_twice_is_no_text(ws: Workspace, tmp_path: Path) -> None:
    assert refused(ws, write(tmp_path / "log.csv.gz", gzip.compress(gzip.compress(GOOD.encode()))))
    assert refused(ws, write(tmp_path / "log.csv.gz", gzip.compress(GOOD_ZIP)))


@pytest.mark.parametrize(("at", "size"), [(SIZE, 1000), (SIZE, 100), (PACKED_SIZE, 1 << 20)])
def test_a_header_that_lies_about_sizes(
    ws: Workspace, tmp_path: Path, bomb: bytes, at: int, size: int
) -> None:
    assert refused(ws, write(tmp_path / "logs.zip", patched(bomb, at, "<I", size))) in (DAMAGED, BOMB, BOMBS)


def test_what_is_no_log_in_an_archive_or_a_folder_is_left_out_and_told(ws: Workspace, tmp_path: Path) -> None:
    packed = write(tmp_path / "logs.zip", zipped(("README.md", "# About\nthese logs"), ("log.csv", GOOD)))
    report = imported(ws, packed)
    assert report.n_kept == 400
    assert notes(report, "left-out") == [
        "logs.zip/README.md was left out: logs.zip/README.md has no column that looks like the user."
    ]
    folder = tmp_path / "logs"
    (folder / "deep").mkdir(parents=True)
    write(folder / "README.md", "")
    write(folder / "deep" / "log.csv", GOOD)
    os.mkfifo(folder / "pipe.csv")
    report = imported(ws, folder)
    assert report.n_kept == 400
    assert notes(report, "left-out") == ["logs/README.md was left out: logs/README.md is empty."]


def test_a_folder_without_files(ws: Workspace, tmp_path: Path) -> None:
    (tmp_path / "logs" / "deep").mkdir(parents=True)
    message = "The folder logs holds no files. Name a folder with logs in it."
    assert refused(ws, tmp_path / "logs") == message


def test_long_and_equal_names_inside_an_archive(ws: Workspace, tmp_path: Path) -> None:
    members = [("a/log.csv", GOOD), ("b/log.csv", with_last("u1,x,soon")), (f"{'n' * 300}.csv", GOOD)]
    report = imported(ws, write(tmp_path / "logs.zip", zipped(*members)))
    assert (report.n_read, lines_set_aside(report)) == (1201, [(402, "not a time")])
    assert report.info.domains == ("a", "b", "n" * 64)
