import io
import os
from pathlib import Path

from pages.ui.uploads import held, new_folder, receive
from recsys_core.workspace.workspace import Workspace


class Sent(io.BytesIO):
    def __init__(self, name: str, content: bytes) -> None:
        super().__init__(content)
        self.name = name


def test_what_is_sent_is_kept_whole(tmp_path: Path) -> None:
    receive(tmp_path, [Sent("b.csv", b"x" * (3 << 20)), Sent("a.csv", b"1\n2\n")])

    assert [(path.name, path.stat().st_size) for path in held(tmp_path)] == [("a.csv", 4), ("b.csv", 3 << 20)]


def test_a_name_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()

    receive(folder, [Sent("../../etc/passwd", b"x"), Sent("..\\up.csv", b"y"), Sent("..", b"z")])

    assert sorted(path.name for path in held(folder)) == ["log", "passwd", "up.csv"]
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_old_uploads_go(tmp_path: Path) -> None:
    ws = Workspace.open(tmp_path / "ws")
    old, young = new_folder(ws), new_folder(ws)
    os.utime(old, (0, 0))

    new_folder(ws)

    assert (old.exists(), young.exists()) == (False, True)
