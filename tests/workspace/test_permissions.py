from pathlib import Path
from threading import Event, Thread

import pandas as pd
import pytest

from recsys_core.workspace.files import write_file
from recsys_core.workspace.permissions import tighten, tighten_workspace
from recsys_core.workspace.workspace import Workspace


def open_to_others(folder: Path) -> list[str]:
    """What below ``folder`` anybody but its owner may use."""
    paths = [path for path in folder.rglob("*") if path.lstat().st_mode & 0o077 and not path.is_symlink()]
    return sorted(str(path.relative_to(folder)) for path in paths)


def test_what_a_library_writes_is_its_owners_only_whatever_the_umask(
    tmp_path: Path, log: pd.DataFrame, items: pd.DataFrame
) -> None:
    ws = Workspace.open(tmp_path / "ws")
    ws.save_dataset("tea", log, items, {})
    ws.new_run("tea", 1, {})
    write_file(tmp_path / "ws" / "runs" / "note", b"")

    assert (tmp_path / "ws").stat().st_mode & 0o777 == 0o700
    reached = [name for name in open_to_others(tmp_path / "ws") if name.count("/") == 0]
    assert reached == []
    assert open_to_others(ws.dataset("tea").folder) == []


@pytest.mark.one_database  # about the file of SQLite
def test_a_workspace_of_an_earlier_version_is_closed_to_others_when_it_is_opened(tmp_path: Path) -> None:
    Workspace.open(tmp_path)
    (tmp_path / "datasets").mkdir()
    for path in (tmp_path / "datasets", tmp_path / "locks", tmp_path / "catalog.db"):
        path.chmod(0o775)
    tmp_path.chmod(0o755)

    Workspace.open(tmp_path)

    assert [path for path in open_to_others(tmp_path) if "/" not in path] == []
    assert tmp_path.stat().st_mode & 0o777 == 0o755  # a folder that others put their things into, too


@pytest.mark.one_database  # opens no catalogue
def test_what_belongs_to_others_and_what_a_link_leads_to_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared, link = tmp_path / "shared", tmp_path / "link"
    shared.mkdir(mode=0o755)
    link.symlink_to(shared)
    tighten(link)
    monkeypatch.setattr("os.geteuid", lambda: shared.stat().st_uid + 1)
    tighten(shared)

    assert shared.stat().st_mode & 0o777 == 0o755


def test_what_comes_and_goes_while_a_workspace_is_opened_is_no_trouble(tmp_path: Path) -> None:
    """As SQLite's log does when others close the catalogue."""
    log, enough = tmp_path / "catalog.db-wal", Event()

    def come_and_go() -> None:
        while not enough.is_set():
            log.touch()
            log.unlink()

    other = Thread(target=come_and_go)
    other.start()
    try:
        for _ in range(3_000):
            tighten_workspace(tmp_path)
    finally:
        enough.set()
        other.join()
