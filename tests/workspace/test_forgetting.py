import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from os import utime
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from recsys_core.errors import InputError, NotFoundError
from recsys_core.logs.pseudonyms import Pseudonyms
from recsys_core.parts import Parts
from recsys_core.workspace import forgetting
from recsys_core.workspace.forgetting import forget, look_for
from recsys_core.workspace.imports import import_logs
from recsys_core.workspace.purging import Purged
from recsys_core.workspace.recording import run_for
from recsys_core.workspace.requests import ImportRequest
from recsys_core.workspace.workspace import Workspace

ANN = "ann-4711"


@pytest.fixture
def log(log: pd.DataFrame) -> pd.DataFrame:
    return log.replace({"user_id": {"ann": ANN}})


def place_of(name: str, root: Path) -> list[str]:
    """The files under ``root`` with ``name`` in their bytes or, since Parquet compresses, their cells."""
    found = []
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        cells = str(pq.read_table(path).to_pylist()) if path.suffix == ".parquet" else ""
        if name.encode() in path.read_bytes() or name in cells:
            found.append(path.relative_to(root).as_posix())
    return found


def users_of(ws: Workspace) -> list[str]:
    return list(ws.load_dataset("shop").user_ids)


def uploaded(ws: Workspace, text: str, age: timedelta) -> Path:
    path = ws.root / "uploads" / "a1" / f"{age.days}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    moment = (datetime.now(UTC) - age).timestamp()
    utime(path, (moment, moment))
    return path


def test_a_person_goes_and_the_others_stay(ws: Workspace, log: pd.DataFrame, items: pd.DataFrame) -> None:
    ws.save_dataset("shop", log, items, {"note": "hello"})
    report = forget(ws, "shop", ANN)
    assert report.info == ws.dataset("shop")
    assert (report.info.version, report.info.n_users, report.info.n_events) == (2, 1, 1)
    assert (report.n_events, report.n_set_aside) == (2, 0)
    assert report.purged == Purged(versions=(1,), runs=(), stale=(), deleted=())
    assert users_of(ws) == ["bob"]
    assert ws.load_dataset("shop").items["title"].tolist() == ["Sencha"]
    manifest = report.info.manifest
    assert (manifest["note"], manifest["previous_version"], manifest["forgotten"]) == (
        "hello",
        1,
        {"events": 2, "set_aside": 0},
    )
    assert [path.name for path in (ws.root / "datasets" / "shop").iterdir()] == [report.info.folder.name]
    assert place_of(ANN, ws.root) == []


def test_what_is_told_of_a_person_goes_too(ws: Workspace, log: pd.DataFrame, items: pd.DataFrame) -> None:
    people = pd.DataFrame({"user_id": [ANN, "bob"], "gender": ["F", "M"]})
    ws.save_dataset("shop", log, items, {}, people=people)
    assert look_for(ws, "shop", ANN).n_told == 1
    assert forget(ws, "shop", ANN).n_told == 1
    left = ws.load_dataset("shop").people
    assert left is not None
    assert left.table.to_numpy().tolist() == [["bob", "M"]]
    assert place_of(ANN, ws.root) == []


def test_who_is_only_told_of_is_found_and_the_table_goes_with_its_last_row(
    ws: Workspace, log: pd.DataFrame, items: pd.DataFrame
) -> None:
    people = pd.DataFrame({"user_id": [ANN], "gender": ["F"]})
    ws.save_dataset("shop", log[log["user_id"] != ANN], items, {}, people=people)
    report = forget(ws, "shop", ANN)
    assert (report.n_events, report.n_told, report.purged.versions) == (0, 1, (1,))
    assert ws.load_dataset("shop").people is None
    assert place_of(ANN, ws.root) == []


def test_looking_removes_nothing(ws: Workspace, log: pd.DataFrame, items: pd.DataFrame) -> None:
    info = ws.save_dataset("shop", log, items, {})
    report = look_for(ws, "shop", f" {ANN} ")
    assert (report.info, report.n_events, report.purged.versions) == (info, 2, (1,))
    assert ws.versions("shop") == [info]
    assert list((ws.root / "imports").iterdir()) == []


def test_the_order_of_the_others_events_stays(ws: Workspace, items: pd.DataFrame) -> None:
    n = 300_000
    log = pd.DataFrame(
        {
            "user_id": np.where(np.arange(n) % 3 == 0, ANN, [f"u{i % 50}" for i in range(n)]),
            "item_id": [f"i{i}" for i in range(n)],
            "domain": "tea",
            "timestamp": pd.Timestamp("2013-06-01", tz="UTC"),
        }
    )
    ws.save_dataset("shop", log, items, {})
    report = forget(ws, "shop", ANN)
    assert report.info is not None
    left = pd.read_parquet(report.info.folder / "interactions.parquet")
    assert left["item_id"].tolist() == [f"i{i}" for i in range(n) if i % 3]


def test_every_version_goes_even_where_only_an_older_one_holds_the_person(
    ws: Workspace, log: pd.DataFrame, items: pd.DataFrame
) -> None:
    ws.save_dataset("shop", log, items, {})
    newest = ws.save_dataset("shop", log[log["user_id"] == "bob"], items, {})
    run = ws.finish_run(ws.new_run("shop", 2, {}).id, {})
    report = forget(ws, "shop", ANN)
    assert (report.info, report.n_events, report.purged.versions) == (newest, 0, (1,))
    assert ws.versions("shop") == [newest]
    assert ws.run_in_use("shop", 2) == ws.run(run.id)
    assert place_of(ANN, ws.root) == []


def test_the_last_person_takes_the_dataset_along(
    ws: Workspace, log: pd.DataFrame, items: pd.DataFrame
) -> None:
    ws.save_dataset("shop", log, items, {})
    ws.save_dataset("shop", log[log["user_id"] == ANN], items, {})
    run = ws.new_run("shop", 2, {})
    report = forget(ws, "shop", ANN)
    assert (report.info, report.purged.versions, report.purged.runs) == (None, (1, 2), ())
    assert ws.datasets() == []
    assert ws.runs() == []
    assert not run.folder.exists()
    assert place_of(ANN, ws.root) == []


def test_nobody_by_that_name(ws: Workspace, log: pd.DataFrame, items: pd.DataFrame) -> None:
    info = ws.save_dataset("shop", log, items, {})
    with pytest.raises(
        NotFoundError, match=r"No version of 'shop' holds this user\. Ids are compared"
    ) as told:
        forget(ws, "shop", "ann")
    assert "ann" not in str(told.value)
    with pytest.raises(NotFoundError, match="There is no dataset 'stop'"):
        forget(ws, "stop", ANN)
    with pytest.raises(InputError, match="No user was named"):
        forget(ws, "shop", " ")
    assert ws.versions("shop") == [info]
    forget(ws, "shop", ANN)
    with pytest.raises(
        NotFoundError, match="Version 2 was made to remove someone; if it was them, all is done"
    ):
        forget(ws, "shop", ANN)


def test_models_are_stale_and_results_with_people_go(
    ws: Workspace, log: pd.DataFrame, items: pd.DataFrame
) -> None:
    ws.save_dataset("shop", log, items, {})
    run = ws.finish_run(ws.new_run("shop", 1, {}).id, {"ndcg": 0.5})
    people = pd.DataFrame({"user": [0, 1], "drift": [0.1, 0.2]})
    ws.save_result("interests", "shop", 1, run.id, Parts({}, {"interests": pd.DataFrame({"name": ["tea"]})}))
    drawn = ws.save_result("map", "shop", 1, run.id, Parts({}, {"users": people}))
    report = forget(ws, "shop", ANN)
    assert report.purged == Purged((1,), runs=("run-1",), stale=("interests",), deleted=("map",))
    found = ws.run(run.id)
    assert (found.stale, found.in_use, found.folder.is_dir()) == (True, False, True)
    assert ws.run_in_use("shop", 1) is None
    assert ws.run_in_use("shop", 2) is None
    interests = ws.result_info("interests", "shop", 1)
    assert interests is not None
    assert interests.stale
    assert ws.load_result("interests", "shop", 1) is None
    assert ws.result_info("map", "shop", 1) is None
    assert not drawn.folder.exists()
    with pytest.raises(
        InputError, match=r"run 1 is stale: a person .* Fine-tune again on the newest version"
    ):
        ws.choose_run(run.id)
    with pytest.raises(InputError, match="Run 'run-1' is stale"):
        run_for(ws, "shop", None, run.id)


def test_work_on_a_version_that_went_meanwhile_is_not_kept(
    ws: Workspace, log: pd.DataFrame, items: pd.DataFrame
) -> None:
    ws.save_dataset("shop", log, items, {})
    forget(ws, "shop", ANN)
    with pytest.raises(NotFoundError, match="Version 1 of 'shop' is gone, because a person was removed"):
        ws.save_result("map", "shop", 1, None, Parts({}))
    assert list((ws.root / "results").iterdir()) == []


def test_other_datasets_are_left_alone(ws: Workspace, log: pd.DataFrame, items: pd.DataFrame) -> None:
    for name in ("shop", "other"):
        ws.save_dataset(name, log, items, {})
    run = ws.finish_run(ws.new_run("other", 1, {}).id, {})
    result = ws.save_result("map", "other", 1, None, Parts({}, {"users": pd.DataFrame({"user": [0]})}))
    forget(ws, "shop", ANN)
    assert ws.dataset("other").n_users == 2
    assert ws.run_in_use("other", 1) == run
    assert ws.result_info("map", "other", 1) == result


def test_rows_set_aside_that_concern_the_person_go(
    ws: Workspace, log: pd.DataFrame, items: pd.DataFrame, tmp_path: Path
) -> None:
    rows = pd.DataFrame(
        {
            "file": "tea.csv",
            "line": [2, 3, 4, 5],
            "column": ["time", None, "time", None],
            "value": ["soon", f'"{ANN}",x', "later", "x,ann-"],
            "reason": "not a time",
            "text": [f"{ANN},x,soon", None, "bob,x,later", None],
        }
    )
    rows.to_parquet(tmp_path / "quarantine.parquet")
    ws.save_dataset("shop", log, items, {}, [tmp_path / "quarantine.parquet"])
    report = forget(ws, "shop", ANN)
    assert report.info is not None
    assert report.n_set_aside == 2
    left = pd.read_parquet(report.info.folder / "quarantine.parquet")
    assert left["line"].tolist() == [4]
    assert left.columns.tolist() == rows.columns.tolist()
    assert place_of(ANN, ws.root) == []


def test_someone_whose_rows_were_all_set_aside(
    ws: Workspace, log: pd.DataFrame, items: pd.DataFrame, tmp_path: Path
) -> None:
    pq.write_table(pa.table({"value": ["eve,x,soon"]}), tmp_path / "quarantine.parquet")
    ws.save_dataset("shop", log, items, {}, [tmp_path / "quarantine.parquet"])
    report = forget(ws, "shop", "eve")
    assert report.info is not None
    assert (report.info.version, report.info.n_events, report.n_set_aside) == (2, 3, 1)
    assert not (report.info.folder / "quarantine.parquet").exists()


def test_raw_uploads_go(ws: Workspace, log: pd.DataFrame, items: pd.DataFrame) -> None:
    ws.save_dataset("shop", log, items, {})
    old = uploaded(ws, f"user\n{ANN}\n", timedelta(days=1))
    report = forget(ws, "shop", ANN)
    assert report.uploads == (old,)
    assert list((ws.root / "uploads").iterdir()) == []
    assert place_of(ANN, ws.root) == []


def write_log(path: Path) -> Path:
    rows = [f"u{user:02},{item},2013-06-01" for user in range(20) for item in "xy"]
    path.write_text("\n".join(["user_id,item_id,time", *rows, f"{ANN},x,2013-06-01"]) + "\n")
    return path


@pytest.mark.parametrize("given", [lambda raw, _: raw, lambda _, hashed: hashed], ids=["raw id", "pseudonym"])
def test_a_dataset_of_pseudonyms(ws: Workspace, tmp_path: Path, given: Callable[[str, str], str]) -> None:
    import_logs(ws, ImportRequest.of("shop", (write_log(tmp_path / "tea.csv"),), pseudonymise=True))
    hashed = Pseudonyms.of_key_file(ws.root / "pseudonym.key").of(ANN)
    assert place_of(hashed, ws.root) != []
    report = forget(ws, "shop", given(ANN, hashed))
    assert report.info is not None
    assert (report.n_events, report.info.n_users) == (1, 20)
    assert report.info.manifest["pseudonymised"] is True
    assert place_of(hashed, ws.root) == place_of(ANN, ws.root) == []
    with pytest.raises(NotFoundError, match="Give the pseudonym, or the id exactly as in the log"):
        forget(ws, "shop", ANN)


def test_pseudonyms_without_their_key(ws: Workspace, tmp_path: Path) -> None:
    import_logs(ws, ImportRequest.of("shop", (write_log(tmp_path / "tea.csv"),), pseudonymise=True))
    (ws.root / "pseudonym.key").unlink()
    with pytest.raises(NotFoundError, match=r"Give the pseudonym: pseudonym\.key is not in this workspace"):
        forget(ws, "shop", ANN)
    assert not (ws.root / "pseudonym.key").exists()


def test_a_forget_that_broke_off_before_the_save_changes_nothing(
    ws: Workspace, log: pd.DataFrame, items: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = ws.save_dataset("shop", log, items, {})
    upload = uploaded(ws, ANN, timedelta(days=1))
    monkeypatch.setattr("recsys_core.workspace.datasets.put_in_place", broken)
    with pytest.raises(ZeroDivisionError):
        forget(ws, "shop", ANN)
    monkeypatch.undo()
    assert Workspace.open(ws.root).versions("shop") == [info]
    assert upload.exists()
    assert len(list((ws.root / "datasets" / "shop").iterdir())) == 1


@pytest.mark.parametrize("step", ["remove_uploads", "purge"])
def test_a_forget_that_broke_off_after_the_save_is_finished_when_opened(
    ws: Workspace, log: pd.DataFrame, items: pd.DataFrame, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    ws.save_dataset("shop", log, items, {})
    run = ws.finish_run(ws.new_run("shop", 1, {}).id, {})
    ws.save_result("map", "shop", 1, None, Parts({}, {"users": pd.DataFrame({"user": [0]})}))
    uploaded(ws, ANN, timedelta(days=1))
    monkeypatch.setattr(forgetting, step, broken)
    with pytest.raises(ZeroDivisionError):
        forget(ws, "shop", ANN)
    monkeypatch.undo()
    assert [info.version for info in ws.versions("shop")] == [1, 2]
    later = uploaded(ws, "new", timedelta(days=-1))
    again = Workspace.open(ws.root)
    assert [info.version for info in again.versions("shop")] == [2]
    assert again.run(run.id).stale
    assert again.result_info("map", "shop", 1) is None
    assert list((ws.root / "uploads").rglob("*.csv")) == [later]
    assert place_of(ANN, ws.root) == []


def test_forgetting_again_finishes_too(
    ws: Workspace, log: pd.DataFrame, items: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    ws.save_dataset("shop", log, items, {})
    monkeypatch.setattr(forgetting, "purge", broken)
    with pytest.raises(ZeroDivisionError):
        forget(ws, "shop", ANN)
    monkeypatch.undo()
    report = forget(ws, "shop", ANN)
    assert (report.purged.versions, [info.version for info in ws.versions("shop")]) == ((1,), [2])
    assert place_of(ANN, ws.root) == []


def test_opening_does_not_meddle_with_a_forget_that_is_under_way(
    ws: Workspace, log: pd.DataFrame, items: pd.DataFrame
) -> None:
    ws.save_dataset("shop", log, items, {})
    ws.save_dataset("shop", log[log["user_id"] == "bob"], items, {"forgets": True})
    opening = "import sys; from recsys_core.workspace.workspace import Workspace; Workspace.open(sys.argv[1])"
    with ws.dataset_lock("shop"):
        subprocess.run([sys.executable, "-c", opening, str(ws.root)], check=True)
        assert [info.version for info in ws.versions("shop")] == [1, 2]
    Workspace.open(ws.root)
    assert [info.version for info in ws.versions("shop")] == [2]


KILLED = """
import os, sys
from recsys_core.workspace.forgetting import forget
from recsys_core.workspace.storage.storage import LocalDisk
from recsys_core.workspace.workspace import Workspace
ws = Workspace.open(sys.argv[1])
LocalDisk.remove = lambda *_: os._exit(9)
forget(ws, "shop", sys.argv[2])
"""


def test_a_process_killed_between_rows_and_folders(
    ws: Workspace, log: pd.DataFrame, items: pd.DataFrame
) -> None:
    ws.save_dataset("shop", log, items, {})
    done = subprocess.run([sys.executable, "-c", KILLED, str(ws.root), ANN], check=False)
    assert done.returncode == 9
    assert place_of(ANN, ws.root) != []
    Workspace.open(ws.root)
    assert place_of(ANN, ws.root) == []


def test_deleted_rows_leave_no_bytes_in_the_catalogue(
    ws: Workspace, log: pd.DataFrame, items: pd.DataFrame
) -> None:
    info = ws.save_dataset("shop", log, items, {"note": "a-mark-to-look-for"})
    ws.save_dataset("shop", log, items, {})
    assert place_of("a-mark-to-look-for", ws.root) != []
    forget(ws, "shop", ANN)
    assert not info.folder.exists()
    assert place_of("a-mark-to-look-for", ws.root) == []


def broken(*_: object, **__: object) -> None:
    raise ZeroDivisionError
