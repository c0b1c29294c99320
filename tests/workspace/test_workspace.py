import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import text

from recsys_core.errors import InputError, NotFoundError
from recsys_core.parts import Parts
from recsys_core.workspace.database import writing
from recsys_core.workspace.workspace import Workspace


def test_a_new_workspace_is_empty(ws: Workspace) -> None:
    assert ws.datasets() == []
    assert ws.runs() == []
    with pytest.raises(NotFoundError, match="Import a log first"):
        ws.dataset("shop")


def test_a_saved_dataset_is_described(ws: Workspace, log: pd.DataFrame, items: pd.DataFrame) -> None:
    info = ws.save_dataset("shop", log, items, {"note": "hello", "path": Path("a")})
    assert (info.name, info.version, info.domains) == ("shop", 1, ("tea",))
    assert (info.n_users, info.n_items, info.n_events) == (2, 2, 3)
    assert (info.first, info.last) == (datetime(2013, 6, 1, tzinfo=UTC), datetime(2013, 6, 3, tzinfo=UTC))
    assert (info.manifest["note"], info.manifest["path"]) == ("hello", "a")
    assert sorted(path.name for path in info.folder.iterdir()) == [
        "interactions.parquet",
        "items.parquet",
        "manifest.json",
    ]
    assert ws.dataset("shop") == info
    assert Workspace.open(ws.root).datasets() == [info]


def test_a_dataset_is_loaded_by_row_number(ws: Workspace, log: pd.DataFrame, items: pd.DataFrame) -> None:
    ws.save_dataset("shop", log, items, {})
    dataset = ws.load_dataset("shop")
    assert dataset.user_ids.tolist() == ["ann", "bob"]
    assert dataset.items["title"].tolist() == ["Sencha", ""]
    assert (dataset.user.tolist(), dataset.item.tolist()) == ([0, 0, 1], [0, 1, 0])
    assert dataset.weight.tolist() == [1.0, 1.0, 1.0]


def test_a_large_log_is_numbered_when_it_is_saved_and_a_small_one_when_it_is_opened(
    ws: Workspace, log: pd.DataFrame, items: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = ws.save_dataset("small", log, items, {})
    monkeypatch.setattr("recsys_core.workspace.datasets.NUMBERED_AT_ONCE", 3)
    large = ws.save_dataset("large", log, items, {})
    assert [(info.folder / "numbered").exists() for info in (small, large)] == [False, True]
    assert large.hash == small.hash
    opened = [ws.load_dataset(name) for name in ("small", "large", "small")]
    assert (small.folder / "numbered").exists()
    assert [data.user.tolist() for data in opened] == [[0, 0, 1]] * 3
    pd.testing.assert_frame_equal(opened[0].items, opened[1].items)
    assert not list((ws.root / "imports").iterdir())


def test_the_hash_is_of_the_content(ws: Workspace, log: pd.DataFrame, items: pd.DataFrame) -> None:
    first = ws.save_dataset("one", log, items, {"note": 1})
    same = ws.save_dataset("two", log, items, {"note": 2})
    moved = ws.save_dataset("three", log.assign(user_id=["an", "nbob", "ann"]), items, {})
    weighed = ws.save_dataset("four", log.assign(weight=2.0), items, {})
    assert first.hash == same.hash
    assert len({first.hash, moved.hash, weighed.hash}) == 3


def test_versions(ws: Workspace, log: pd.DataFrame, items: pd.DataFrame) -> None:
    first, second = (ws.save_dataset("shop", log.head(n), items, {}) for n in (2, 3))
    assert ws.versions("shop") == [first, second]
    assert ws.datasets() == [second]
    assert ws.dataset("shop", 1) == first
    with pytest.raises(NotFoundError, match=r"Dataset 'shop' has no version 3\. It has: 1, 2\."):
        ws.dataset("shop", 3)
    with pytest.raises(NotFoundError, match=r"no dataset 'stop' in this workspace\. There are: shop\."):
        ws.dataset("stop")


def test_a_version_number_is_never_given_twice(ws: Workspace, log: pd.DataFrame, items: pd.DataFrame) -> None:
    ws.save_dataset("shop", log, items, {})
    ws.delete_dataset("shop")
    assert ws.datasets() == []
    assert ws.save_dataset("shop", log, items, {}).version == 2


def test_a_refused_dataset_leaves_nothing(ws: Workspace, log: pd.DataFrame, items: pd.DataFrame) -> None:
    with pytest.raises(InputError, match="The column 'timestamp' is missing"):
        ws.save_dataset("shop", log.drop(columns="timestamp"), items, {})
    with pytest.raises(InputError, match="There is no usable event left"):
        ws.save_dataset("shop", log.head(0), items, {})
    with pytest.raises(InputError, match=r"'\.\./shop' cannot name a dataset"):
        ws.save_dataset("../shop", log, items, {})
    assert ws.datasets() == []
    assert list((ws.root / "datasets").iterdir()) == []


def test_the_run_in_use(ws: Workspace, log: pd.DataFrame, items: pd.DataFrame) -> None:
    ws.save_dataset("shop", log, items, {})
    first, second, third = (ws.new_run("shop", 1, {"seed": seed}) for seed in range(3))
    assert first.folder.is_dir()
    assert ws.run_in_use("shop", 1) is None
    ws.finish_run(first.id, {"ndcg": np.float32(0.5)})
    ws.finish_run(second.id, {"ndcg": 0.25}, "finished")
    ws.finish_run(third.id, {}, "failed")
    assert [(run.name, run.status, run.in_use) for run in ws.runs("shop")] == [
        ("run 3", "failed", False),
        ("run 2", "finished", True),
        ("run 1", "finished", False),
    ]
    ws.choose_run(first.id)
    used = ws.run_in_use("shop", 1)
    assert used is not None
    assert (used.id, used.in_use, used.metrics, used.options) == (first.id, True, {"ndcg": 0.5}, {"seed": 0})
    assert [run.in_use for run in ws.runs()] == [False, False, True]
    with pytest.raises(InputError, match=r"run 3 is failed\. Choose a run that has finished\."):
        ws.choose_run(third.id)


def test_runs_are_renamed_and_deleted(ws: Workspace, log: pd.DataFrame, items: pd.DataFrame) -> None:
    ws.save_dataset("shop", log, items, {})
    run = ws.new_run("shop", 1, {})
    assert ws.rename_run(run.id, "  the \0 good one ").name == "the good one"
    ws.save_result("interests", "shop", 1, run.id, Parts({}))
    ws.delete_run(run.id)
    assert not run.folder.exists()
    assert ws.load_result("interests", "shop", 1) is None
    with pytest.raises(NotFoundError, match="There is no run 'run-1'"):
        ws.run(run.id)
    assert ws.new_run("shop", 1, {}).id == "run-2"
    with pytest.raises(NotFoundError, match="There is no dataset 'stop'"):
        ws.new_run("stop", 1, {})


def test_results_come_back_as_they_were(ws: Workspace) -> None:
    frame = pd.DataFrame({"interest": [1, 2], "name": ["tea", None]})
    array = np.arange(6, dtype=np.float32).reshape(2, 3).T
    saved = Parts({"levels": (8, 25)}, {"table": frame}, {"centroids": array})
    ws.save_result("interests", "shop", 1, None, saved)
    parts = ws.load_result("interests", "shop", 1)
    assert parts is not None
    assert parts.document == {"levels": [8, 25]}
    pd.testing.assert_frame_equal(parts.frames["table"], frame)
    np.testing.assert_array_equal(parts.arrays["centroids"], array)


def test_the_newest_result_that_fits(ws: Workspace) -> None:
    ws.save_result("map", "shop", 1, "run-1", Parts({"n": 1}), key="a")
    ws.save_result("map", "shop", 1, None, Parts({"n": 2}), key="a")
    ws.save_result("map", "shop", 1, "run-1", Parts({"n": 3}), key="b")

    def found(**which: str | None) -> object:
        parts = ws.load_result("map", "shop", 1, **which)
        return parts.document["n"] if parts else None

    assert found() == 3
    assert found(key="a") == 2
    assert found(run_id=None) == 2
    assert found(run_id="run-1", key="a") == 1
    assert found(run_id="run-2") is None
    assert ws.load_result("map", "shop", 2) is None


def test_a_result_takes_the_place_of_the_older_one(ws: Workspace) -> None:
    old = ws.save_result("map", "shop", 1, None, Parts({"n": 1}))
    new = ws.save_result("map", "shop", 1, None, Parts({"n": 2}))
    assert ws.result_info("map", "shop", 1) == new
    assert not old.folder.exists()
    assert [path.name for path in (ws.root / "results").iterdir()] == [new.folder.name]


def test_deleting_a_dataset_takes_its_runs_and_results(
    ws: Workspace, log: pd.DataFrame, items: pd.DataFrame
) -> None:
    ws.save_dataset("shop", log, items, {})
    ws.save_dataset("other", log, items, {})
    run = ws.new_run("shop", 1, {})
    kept = ws.new_run("other", 1, {})
    result = ws.save_result("map", "shop", 1, run.id, Parts({}))
    ws.delete_dataset("shop")
    assert [info.name for info in ws.datasets()] == ["other"]
    assert [one.id for one in ws.runs()] == [kept.id]
    assert not any(path.exists() for path in (run.folder, result.folder, ws.root / "datasets" / "shop"))
    with pytest.raises(NotFoundError, match="There is no dataset 'shop'"):
        ws.delete_dataset("shop")


KILLED = """
import os, sys
import pandas as pd
from recsys_core.workspace import datasets
from recsys_core.workspace.workspace import Workspace
ws = Workspace.open(sys.argv[1])
real = datasets.put_in_place
def dying(folder, final):
    if sys.argv[2] == "after":
        real(folder, final)
    os._exit(9)
datasets.put_in_place = dying
log = pd.DataFrame({"user_id": ["a"], "item_id": ["x"], "domain": ["tea"],
                    "timestamp": pd.to_datetime(["2013-06-01"], utc=True)})
items = pd.DataFrame({"item_id": ["x"], "domain": ["tea"], "title": [""], "text": [""]})
ws.save_dataset("shop", log, items, {})
"""


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_killed_save_leaves_the_old_state(
    ws: Workspace, log: pd.DataFrame, items: pd.DataFrame, moment: str
) -> None:
    info = ws.save_dataset("shop", log, items, {})
    done = subprocess.run([sys.executable, "-c", KILLED, str(ws.root), moment], check=False)
    assert done.returncode == 9
    again = Workspace.open(ws.root)
    assert again.versions("shop") == [info]
    assert [path.name for path in (ws.root / "datasets").iterdir()] == ["shop"]
    assert list((ws.root / "datasets" / "shop").iterdir()) == [info.folder]
    assert again.save_dataset("shop", log, items, {}).version == 2


def test_opening_leaves_work_in_progress_alone(ws: Workspace) -> None:
    from recsys_core.workspace.files import aside

    with aside(ws.root / "datasets") as folder:
        Workspace.open(ws.root)
        assert folder.is_dir()
    assert list((ws.root / "datasets").iterdir()) == []


WRITER = """
import sys
import pandas as pd
from recsys_core.parts import Parts
from recsys_core.workspace.database import writing
from recsys_core.workspace.workspace import Workspace
ws = Workspace.open(sys.argv[1])
for n in range(10):
    ws.new_run("shop", 1, {"n": n})
    ws.save_result("map", "shop", 1, None, Parts({"n": n}))
"""


def test_several_processes_write_at_once(ws: Workspace, log: pd.DataFrame, items: pd.DataFrame) -> None:
    ws.save_dataset("shop", log, items, {})
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(ws.root)]) for _ in range(3)]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    assert sorted(int(run.name.split()[1]) for run in ws.runs()) == list(range(1, 31))
    assert len(list((ws.root / "results").iterdir())) == 1


@pytest.mark.one_database  # opens no catalogue
def test_opening_is_light() -> None:
    code = (
        "import sys; import recsys_core.workspace.workspace, recsys_core.workspace.imports; "
        "print([m for m in ('torch', 'transformers', 'umap', 'sklearn', 'streamlit') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.one_database  # opens no catalogue
def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be made"):
        Workspace.open(tmp_path / "file" / "ws")


@pytest.mark.one_database  # about the file of SQLite
def test_a_catalogue_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "catalog.db").write_text("this is not a database, whatever its name says " * 30)
    with pytest.raises(InputError, match=r"catalog\.db cannot be opened: file is not a database"):
        Workspace.open(tmp_path)


def test_a_workspace_of_a_newer_driftmap(ws: Workspace) -> None:
    with writing(ws.engine) as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0099'"))
    with pytest.raises(InputError, match=r"written by a newer Driftmap \(schema 99"):
        Workspace.open(ws.root)
