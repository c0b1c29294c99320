import io
import os
import zipfile
from pathlib import Path

from pages.ui.archives import hidden_of_archives
from pages.ui.uploads import held, new_folder, receive
from recsys_core.workspace.workspace import Workspace


class Sent(io.BytesIO):
    def __init__(self, name: str, content: bytes) -> None:
        super().__init__(content)
        self.name = name


def zipped(**files: str) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        for name, content in files.items():
            packed.writestr(name.replace("__", "."), content)
    return archive.getvalue()


def test_what_is_sent_is_kept_whole(tmp_path: Path) -> None:
    assert receive(tmp_path, [Sent("b.csv", b"x" * (3 << 20)), Sent("a.csv", b"1\n2\n")]) == []

    assert [(one.name, one.path.stat().st_size) for one in held(tmp_path)] == [
        ("a.csv", 4),
        ("b.csv", 3 << 20),
    ]


def test_two_files_of_one_name_both_stay(tmp_path: Path) -> None:
    receive(tmp_path, [Sent("log.csv.gz", b"1"), Sent("log.csv.gz", b"2")])

    assert [(one.name, one.path.read_bytes()) for one in held(tmp_path)] == [
        ("log 2.csv.gz", b"2"),
        ("log.csv.gz", b"1"),
    ]


def test_a_file_sent_again_takes_the_place_of_the_older_one(tmp_path: Path) -> None:
    receive(tmp_path, [Sent("log.csv", b"1")])
    receive(tmp_path, [Sent("log.csv", b"2")])

    assert [one.path.read_bytes() for one in held(tmp_path)] == [b"2"]


def test_a_name_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()

    receive(folder, [Sent("../../etc/passwd", b"x"), Sent("..\\up.csv", b"y"), Sent("..", b"z")])

    assert sorted(one.name for one in held(folder)) == ["log", "passwd", "up.csv"]
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_names_that_no_file_can_have_or_that_would_hide_it_are_mended(tmp_path: Path) -> None:
    names = ["a\0b\n\u202e.csv", ".archives", f"{'n' * 300}.csv", "é" * 200]

    assert receive(tmp_path, [Sent(name, b"1") for name in names]) == []

    assert sorted(one.name for one in held(tmp_path)) == ["ab.csv", "archives", f"{'n' * 76}.csv", "é" * 80]


def test_an_archive_is_unpacked_and_let_go_of(tmp_path: Path) -> None:
    content = zipped(b__csv="2\n", a__csv="1\n", __hidden="x")

    assert receive(tmp_path, [Sent("shop.zip", content), Sent("c.csv", b"3\n")]) == []

    assert [(one.name, one.inside, one.path.read_text()) for one in held(tmp_path)] == [
        ("c.csv", False, "3\n"),
        ("shop.zip/a.csv", True, "1\n"),
        ("shop.zip/b.csv", True, "2\n"),
    ]
    assert hidden_of_archives(tmp_path) == ["shop.zip/.hidden"]
    assert not (tmp_path / "shop.zip").exists()


def test_an_archive_sent_again_takes_the_place_of_the_older_one(tmp_path: Path) -> None:
    receive(tmp_path, [Sent("shop.zip", zipped(a__csv="1\n"))])
    receive(tmp_path, [Sent("shop.zip", zipped(b__csv="2\n"))])

    assert [one.name for one in held(tmp_path)] == ["shop.zip/b.csv"]


def test_a_damaged_archive_is_told_and_the_other_files_stay(tmp_path: Path) -> None:
    problems = receive(tmp_path, [Sent("shop.zip", zipped(a__csv="1\n")[:50]), Sent("c.csv", b"3\n")])

    assert problems == ["shop.zip is a damaged or cut-off ZIP archive. Download or make it again."]
    assert [one.name for one in held(tmp_path)] == ["c.csv"]


def test_old_uploads_go(tmp_path: Path) -> None:
    ws = Workspace.open(tmp_path / "ws")
    old, young = new_folder(ws), new_folder(ws)
    os.utime(old, (0, 0))

    new_folder(ws)

    assert (old.exists(), young.exists()) == (False, True)
