"""What doctor finds in a store, which here is a folder, and puts right."""

from pathlib import Path

import pandas as pd
import pytest

from recsys_core.errors import InputError, OutageError
from recsys_core.upkeep.backup import back_up
from recsys_core.upkeep.inspection import inspect, repair
from recsys_core.upkeep.restore import restore
from recsys_core.workspace.storage.cloud_objects import CloudObjects
from recsys_core.workspace.workspace import Workspace


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DRIFTMAP_STORAGE_URL", f"file://{tmp_path / 'store'}")
    return tmp_path / "store"


@pytest.fixture
def away(shelf: Path, ws: Workspace) -> Workspace:
    """The same workspace with nothing but its catalogue on this disk."""
    assert shelf.is_dir()
    new = ws.root.with_name("new")
    new.mkdir()
    (new / "catalog.db").write_bytes((ws.root / "catalog.db").read_bytes())
    return Workspace.open(new)


def found(ws: Workspace, old: float = 0.0) -> list[tuple[str, str]]:
    return [(fault.kind, fault.where) for fault in inspect(ws, old=old)]


def objects_of(store: Path) -> list[str]:
    return sorted(path.relative_to(store).as_posix() for path in store.rglob("*") if path.is_file())


def test_what_is_in_the_store_alone_is_not_missing(away: Workspace) -> None:
    assert found(away) == []


def test_a_workspace_from_before_there_was_a_store_is_published(
    ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRIFTMAP_STORAGE_URL", f"file://{tmp_path / 'store'}")
    assert [kind for kind, _ in found(ws)] == ["unpublished"] * 4
    mended = repair(ws, old=0.0)
    assert (mended.left, len(mended.repaired)) == ((), 4)
    names = objects_of(tmp_path / "store")
    assert [name.split("/")[1] for name in names if name.startswith("manifests/")] == [
        *("datasets", "datasets", "results", "runs")
    ]


@pytest.mark.parametrize("how", ["gone", "cut short", "manifest"])
def test_a_damaged_object_is_published_again_where_the_folder_is(
    shelf: Path, ws: Workspace, away: Workspace, how: str
) -> None:
    files = shelf / "files" / "runs" / "run-1"
    stored = shelf / "manifests" / "runs" / "run-1.json" if how == "manifest" else next(files.iterdir())
    before = stored.read_bytes()
    stored.write_bytes(b"1") if how != "gone" else stored.unlink()
    where = "runs/run-1" if how == "manifest" else stored.relative_to(shelf).as_posix()
    assert found(away) == [("damaged-object", where)]
    left = repair(away, old=0.0)
    assert [(fault.kind, fault.mend) for fault in left.left] == [("damaged-object", None)]
    assert "Put back an older version" in left.left[0].cure
    assert repair(ws, old=0.0).left == ()
    assert stored.read_bytes() == before


def test_a_copy_that_is_damaged_itself_is_not_published(shelf: Path, ws: Workspace) -> None:
    next((shelf / "files" / "runs" / "run-1").iterdir()).unlink()
    (ws.run("run-1").folder / "model").write_text("damaged")
    assert [fault.kind for fault in repair(ws, old=0.0).left] == ["damaged-object"]
    assert list((shelf / "files" / "runs").iterdir()) == [shelf / "files" / "runs" / "run-1"]


def test_a_folder_no_row_knows_moves_to_lost_and_found(shelf: Path, ws: Workspace) -> None:
    log = pd.read_parquet(ws.dataset("shop").folder / "interactions.parquet")
    (older := ws.root.with_name("older")).mkdir()
    (older / "catalog.db").write_bytes((ws.root / "catalog.db").read_bytes())
    info = ws.save_dataset("shop", log, items(), {})
    opened, key = Workspace.open(older), info.folder.name.partition("-")[2]
    assert found(opened, old=3600.0) == []  # another machine may be at it
    assert found(opened) == [("stray-object", f"manifests/datasets/shop/{key}.json")]
    mended = repair(opened, old=0.0)
    assert (mended.left, mended.folder is not None) == ((), True)
    assert mended.folder is not None
    assert (mended.folder / "datasets" / "shop" / key / "interactions.parquet").is_file()
    assert not any(key in name for name in objects_of(shelf))


def test_what_a_killed_process_published_half_is_deleted(shelf: Path, ws: Workspace) -> None:
    before = objects_of(shelf)
    for name in ("files/results/map-0a1b/left", "probes/left"):
        (shelf / name).parent.mkdir(parents=True)
        (shelf / name).write_bytes(b"1")
    assert found(ws, old=3600.0) == []
    assert found(ws) == [("half-published", "files/results/map-0a1b"), ("half-published", "probes/left")]
    assert (repair(ws, old=0.0).left, objects_of(shelf)) == ((), before)


def test_a_store_that_is_away_hides_nothing_and_takes_nothing(
    away: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*_: object) -> None:
        raise OutageError("The store is away.", "Wait for it.")

    monkeypatch.setattr(CloudObjects, "list", silent)
    mended = repair(away, old=0.0)
    assert [(fault.kind, fault.text, fault.cure) for fault in mended.left] == [
        ("store", "The store is away.", "Wait for it.")
    ]
    assert [info.version for info in away.versions("shop")] == [1, 2]


def test_a_backup_holds_what_is_in_the_store_alone(
    away: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(away, tmp_path / "a.tar")
    with pytest.raises(InputError, match=r"files may be newer .* set it to an empty prefix: driftmap doctor"):
        restore(tmp_path / "a.tar", tmp_path / "restored")
    monkeypatch.delenv("DRIFTMAP_STORAGE_URL")
    restore(tmp_path / "a.tar", tmp_path / "restored")
    restored = Workspace.open(tmp_path / "restored")
    assert restored.load_dataset("shop", 1).n_events == 2
    assert restored.run("run-1").folder.joinpath("model").read_text() == "weights"
    assert inspect(restored, old=0.0) == ()


def items() -> pd.DataFrame:
    return pd.DataFrame({"item_id": ["x"], "domain": ["tea"], "title": ["Sencha"], "text": ["Sencha"]})
