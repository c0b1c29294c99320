"""Over a store that is a folder; ``test_machines`` does the same over a server."""

from pathlib import Path

import pandas as pd
import pytest

from recsys_core.errors import InputError, OutageError, ResourceError
from recsys_core.workspace import results
from recsys_core.workspace.forgetting import forget
from recsys_core.workspace.storage import remote as module
from recsys_core.workspace.storage.cloud_objects import CloudObjects
from recsys_core.workspace.storage.remote import claim, key
from recsys_core.workspace.workspace import Workspace
from tests.workspace.storage.conftest import Machine, fill, kept_in, remote_of

pytestmark = pytest.mark.usefixtures("shelf")
ALL = ["datasets/shop", "datasets/shop", "results", "runs"]


def objects_of(store: Path) -> list[str]:
    return sorted(path.relative_to(store).as_posix() for path in store.rglob("*") if path.is_file())


def test_another_machine_brings_what_it_needs(
    machine: Machine, log: pd.DataFrame, items: pd.DataFrame
) -> None:
    run_id = fill(machine("a"), log, items)
    other = machine("b")
    assert kept_in(other) == ALL
    assert not (other.root / "datasets").exists()
    assert other.load_dataset("shop", 1).n_events == 2
    assert [path.name for path in (other.root / "datasets" / "shop").iterdir()] == [
        other.dataset("shop", 1).folder.name
    ]
    found = other.load_result("map", "shop", 2)
    assert found is not None
    assert found.frames["users"]["user"].tolist() == [0]
    names = sorted(path.name for path in other.run(run_id).folder.iterdir())
    assert names == [".stored", "2_Normalize", "model", "validation.parquet"]
    assert (other.root / "imports").stat().st_mode & 0o77 == 0
    assert list((other.root / "imports").iterdir()) == []


def test_a_local_copy_is_a_cache(
    machine: Machine, log: pd.DataFrame, items: pd.DataFrame, shelf: Path
) -> None:
    ws = machine("a")
    fill(ws, log, items)
    before = objects_of(shelf)
    for name in ("datasets", "runs", "results"):
        for path in (ws.root / name).iterdir():
            path.rename(ws.root.parent / f"evicted-{path.name}")
    assert ws.load_dataset("shop").n_events == 3
    assert objects_of(shelf) == before


def test_the_manifest_comes_last(
    machine: Machine, log: pd.DataFrame, items: pd.DataFrame, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that is killed while it publishes leaves files that nobody takes for a folder."""
    put, ws = CloudObjects.put, machine("a")

    def killed(self: CloudObjects, name: str, content: bytes | Path) -> None:
        if name.startswith("manifests/"):
            raise KeyboardInterrupt
        put(self, name, content)

    monkeypatch.setattr(CloudObjects, "put", killed)
    monkeypatch.setattr(module.Remote, "withdraw", lambda *_: None)  # nor could it have cleaned up
    with pytest.raises(KeyboardInterrupt):
        ws.save_dataset("shop", log, items, {})
    monkeypatch.undo()
    monkeypatch.setenv("DRIFTMAP_STORAGE_URL", f"file://{shelf}")
    assert [name for name in objects_of(shelf) if not name.startswith("files/")] == ["workspace.mark"]
    assert (kept_in(ws), ws.datasets()) == ([], [])
    assert ws.save_dataset("shop", log, items, {}).version == 1


def test_nothing_stays_of_a_save_that_came_to_nothing(
    machine: Machine, log: pd.DataFrame, items: pd.DataFrame, monkeypatch: pytest.MonkeyPatch, shelf: Path
) -> None:
    ws = machine("a")
    fill(ws, log, items)
    before = objects_of(shelf)

    def full(*_: object) -> None:
        raise ResourceError("The disk is full.")

    monkeypatch.setattr(results, "put_in_place", full)
    with pytest.raises(ResourceError, match="disk is full"):
        ws.save_result("map", "shop", 2, None, next(iter(fixed())))
    assert objects_of(shelf) == before


def fixed() -> list[results.Parts]:
    return [results.Parts({"n": 2})]


@pytest.mark.parametrize("how", ["changed", "cut short", "gone"])
def test_a_damaged_object_is_named_and_nothing_is_half_there(
    machine: Machine, log: pd.DataFrame, items: pd.DataFrame, shelf: Path, how: str
) -> None:
    run_id = fill(machine("a"), log, items)
    (stored,) = (
        path for path in (shelf / "files" / "runs" / run_id).iterdir() if path.read_bytes() == b"weights"
    )
    if how == "gone":
        stored.unlink()
    else:
        stored.write_bytes(b"weightz" if how == "changed" else b"weigh")
    other = machine("b")
    with pytest.raises(ResourceError) as error:
        _ = other.run(run_id).folder
    said = "it is gone, which was" if how == "gone" else "it is not what was published as"
    assert f"The object files/runs/{run_id}/{stored.name} in file://" in str(error.value)
    assert f"is damaged: {said} model of runs/{run_id}. Each must have the size and sha256" in str(
        error.value
    )
    assert "driftmap doctor --repair on a machine that still has the folder" in str(error.value)
    assert not (other.root / "runs" / run_id).exists()


def test_a_damaged_manifest_is_named(
    machine: Machine, log: pd.DataFrame, items: pd.DataFrame, shelf: Path
) -> None:
    run_id = fill(machine("a"), log, items)
    (shelf / "manifests" / "runs" / f"{run_id}.json").write_text('{"files": ')
    with pytest.raises(ResourceError, match=f"The object manifests/runs/{run_id}.json in .* is damaged"):
        _ = machine("b").run(run_id).folder


def test_deleting_reaches_the_store_and_other_machines(
    machine: Machine, log: pd.DataFrame, items: pd.DataFrame, shelf: Path
) -> None:
    ws = machine("a")
    run_id = fill(ws, log, items)
    folder = ws.run(run_id).folder
    ws.delete_run(run_id)
    assert (kept_in(ws), folder.exists()) == (["datasets/shop", "datasets/shop"], False)
    ws.delete_dataset("shop")
    assert objects_of(shelf) == ["workspace.mark"]


def test_a_delete_that_was_killed_is_finished_when_opened(
    machine: Machine, log: pd.DataFrame, items: pd.DataFrame, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(machine("a"), log, items)
    ws = machine("b")  # has none of the folders on its disk
    monkeypatch.setattr(module.Remote, "withdraw", broken)
    with pytest.raises(ZeroDivisionError):
        ws.delete_dataset("shop")
    assert (ws.datasets(), len(kept_in(ws))) == ([], 4)
    monkeypatch.undo()
    monkeypatch.setenv("DRIFTMAP_STORAGE_URL", f"file://{shelf}")
    Workspace.open(ws.root)
    assert objects_of(shelf) == ["workspace.mark"]


def test_a_store_that_is_away_keeps_a_delete_from_beginning(
    machine: Machine, log: pd.DataFrame, items: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    ws = machine("a")
    info = ws.save_dataset("shop", log, items, {})
    monkeypatch.setattr(CloudObjects, "read", away)
    with pytest.raises(OutageError, match="is away"):
        ws.delete_dataset("shop")
    assert ws.datasets() == [info]
    assert Workspace.open(ws.root).load_dataset("shop").n_events == 3


def test_a_person_leaves_the_store_too(
    machine: Machine, log: pd.DataFrame, items: pd.DataFrame, shelf: Path, database: str | None
) -> None:
    ws = machine("a")
    run_id = fill(ws, log, items)
    other = machine("b")
    copies = [other.dataset("shop", 1).folder, other.run(run_id).folder]
    (shelf / "files" / "datasets" / "shop" / "0a1b").mkdir()
    (shelf / "files" / "datasets" / "shop" / "0a1b" / "left").write_text("ann, by a killed import")
    forget(ws, "shop", "ann")
    assert kept_in(ws) == ["datasets/shop", "runs"]
    left = [path for path in shelf.rglob("*") if path.is_file() and b"ann" in path.read_bytes()]
    assert left == []
    manifest = remote_of(ws).manifest(f"runs/{run_id}")
    assert manifest is not None
    assert sorted(manifest.files) == ["model"]
    assert len(list((shelf / "files" / "runs" / run_id).iterdir())) == 1
    if database is None:  # as with a database that both share
        (other.root / "catalog.db").write_bytes((ws.root / "catalog.db").read_bytes())
    Workspace.open(other.root)
    assert not copies[0].exists()
    assert {path.name for path in copies[1].iterdir()} == {".stored", "2_Normalize", "model"}


@pytest.mark.parametrize("at", [1, 3, 6])
def test_a_forget_that_was_killed_is_finished_on_whichever_machine(
    machine: Machine,
    log: pd.DataFrame,
    items: pd.DataFrame,
    shelf: Path,
    monkeypatch: pytest.MonkeyPatch,
    database: str | None,
    at: int,
) -> None:
    fill(machine("a"), log, items)
    ws, delete, deleted = machine("b"), CloudObjects.delete, list[object]()

    def dies(self: CloudObjects, names: list[str]) -> None:
        deleted.append(names)
        if len(deleted) == at:
            raise ZeroDivisionError
        delete(self, names)

    monkeypatch.setattr(CloudObjects, "delete", dies)
    with pytest.raises(ZeroDivisionError):
        forget(ws, "shop", "ann")
    monkeypatch.undo()
    monkeypatch.setenv("DRIFTMAP_STORAGE_URL", f"file://{shelf}")
    new = ws.root.with_name("c")
    new.mkdir()
    if database is None:
        (new / "catalog.db").write_bytes((ws.root / "catalog.db").read_bytes())
    opened = Workspace.open(new)
    assert [info.version for info in opened.versions("shop")] == [3]
    assert kept_in(opened) == ["datasets/shop", "runs"]
    assert not any(b"ann" in path.read_bytes() for path in shelf.rglob("*") if path.is_file())


def test_two_machines_publish_the_same_at_once(machine: Machine, tmp_path: Path) -> None:
    remote = remote_of(machine("a"))
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "model").write_text("weights")
    remote.publish(tmp_path / "one", "runs/run-1")
    before = remote.manifest("runs/run-1")
    remote.publish(tmp_path / "two", "runs/run-1")
    assert remote.manifest("runs/run-1") == before
    assert remote.bring("runs/run-1").joinpath("model").read_text() == "weights"


def test_what_an_earlier_attempt_left_gives_way_to_what_was_published(
    machine: Machine, tmp_path: Path
) -> None:
    ws = machine("a")
    remote, whole = remote_of(ws), tmp_path / "whole"
    whole.mkdir()
    (whole / "model").write_text("weights")
    remote.publish(whole, "runs/run-1")
    (ws.root / "runs" / "run-1").mkdir(parents=True)
    (ws.root / "runs" / "run-1" / "curve").write_text("of an attempt that failed here")
    assert sorted(path.name for path in remote.bring("runs/run-1").iterdir()) == [".stored", "model"]


@pytest.mark.one_database  # a server would take the stranger for another machine of the workspace
def test_a_store_of_another_workspace_is_refused(
    machine: Machine, tmp_path: Path, log: pd.DataFrame, items: pd.DataFrame, shelf: Path
) -> None:
    fill(machine("a"), log, items)
    before, stranger = objects_of(shelf), Workspace.open(tmp_path / "stranger")
    with pytest.raises(InputError, match="has the files of another workspace"):
        stranger.save_dataset("shop", log, items, {})
    assert (objects_of(shelf), stranger.datasets()) == (before, [])


@pytest.mark.one_database  # opens no catalogue
def test_a_store_with_other_things_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").write_bytes(b"1")
    with pytest.raises(
        InputError, match=r"holds something, but no workspace of Driftmap\. Name an empty prefix"
    ):
        claim(CloudObjects(f"file://{tmp_path / 'photos'}"), "0" * 32)


@pytest.mark.one_database  # opens no catalogue
def test_the_key_of_a_version_is_without_its_number() -> None:
    assert key("datasets/shop/v12-0a1b2c") == "datasets/shop/0a1b2c"
    assert key("datasets/v3-abc") == "datasets/v3-abc"
    assert key("results/map-0a1b") == "results/map-0a1b"


def broken(*_: object) -> None:
    raise ZeroDivisionError


def away(*_: object) -> None:
    raise OutageError("The store is away.", "Wait.")
