import json
import os
import shutil
import time
from pathlib import Path

import pytest
from sqlalchemy import update

from recsys_core.access import Actor, Role, acting_as
from recsys_core.errors import AccessError
from recsys_core.jobs.job import Status
from recsys_core.jobs.ledger import Ledger
from recsys_core.jobs.place import log_path
from recsys_core.jobs.processes import ProcessId, process_id
from recsys_core.jobs.record import JobRecord
from recsys_core.parts import Parts
from recsys_core.upkeep.inspection import inspect, repair
from recsys_core.workspace.database import writing
from recsys_core.workspace.files import to_json
from recsys_core.workspace.tables import ResultRow, RunRow
from recsys_core.workspace.workspace import Workspace


def found(ws: Workspace) -> list[tuple[str, str]]:
    return [(fault.kind, fault.where) for fault in inspect(ws)]


def test_a_whole_workspace_has_no_faults(ws: Workspace) -> None:
    assert inspect(ws) == ()
    mended = repair(ws)
    assert (mended.repaired, mended.left, mended.folder) == ((), (), None)
    assert not (ws.root / "lost+found").exists()


def test_what_no_row_knows_moves_to_lost_and_found(ws: Workspace) -> None:
    strays = ["datasets/shop/v9-abcdef", "datasets/notes.txt", "results/map-1", "runs/run-7", "jobs/4.log"]
    for name in strays:
        path = ws.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.suffix:
            path.mkdir()
        (path if path.suffix else path / "a").write_text("precious")
    assert sorted(found(ws)) == sorted(("stray", name) for name in strays)
    mended = repair(ws)
    assert (len(mended.repaired), mended.left) == (5, ())
    assert mended.folder is not None
    assert mended.folder.parent == ws.root / "lost+found"
    for name in strays:
        assert not (ws.root / name).exists()
        kept = mended.folder / name
        assert (kept if kept.is_file() else kept / "a").read_text() == "precious"
    assert inspect(ws) == ()
    assert ws.dataset("shop").version == 2


def test_an_older_catalogue_put_back_loses_no_files(ws: Workspace) -> None:
    catalogue, older = ws.root / "catalog.db", ws.root.parent / "older.db"
    shutil.copy(catalogue, older)
    result = ws.save_result("map", "shop", 2, None, Parts({"n": 2}))
    shutil.copy(older, catalogue)
    again = Workspace.open(ws.root)
    assert result.folder.is_dir()
    assert found(again) == [("stray", result.folder.relative_to(ws.root).as_posix())]


def test_rows_without_files(ws: Workspace) -> None:
    version, (run,) = ws.dataset("shop", 1), ws.runs()
    result = ws.result_info("interests", "shop", 2)
    assert result is not None
    for folder in (version.folder, run.folder, result.folder):
        shutil.rmtree(folder)
    names = [folder.relative_to(ws.root).as_posix() for folder in (version.folder, run.folder, result.folder)]
    assert found(ws) == [("missing", name) for name in names]
    mended = repair(ws)
    assert mended.left == ()
    assert [info.version for info in ws.versions("shop")] == [2]
    assert (ws.run(run.id).status, ws.run_in_use("shop", 2)) == ("failed", None)
    assert ws.result_info("interests", "shop", 2) is None
    assert mended.folder is not None
    kept = [json.loads(line) for line in (mended.folder / "rows.jsonl").read_text().splitlines()]
    assert [(row["table"], row.get("version")) for row in kept] == [("datasets", 1), ("results", 2)]


def test_a_disk_that_is_not_there_costs_no_row(ws: Workspace) -> None:
    (ws.root / "datasets").rename(ws.root / "elsewhere")
    assert found(ws) == [("gone", "datasets")]
    mended = repair(ws)
    assert (mended.repaired, [fault.kind for fault in mended.left]) == ((), ["gone"])
    (ws.root / "elsewhere").rename(ws.root / "datasets")
    assert inspect(ws) == ()


def test_a_file_that_was_changed_is_told_and_left(ws: Workspace) -> None:
    path = ws.dataset("shop").folder / "interactions.parquet"
    content = bytearray(path.read_bytes())
    content[40] ^= 1
    path.write_bytes(content)
    name = path.relative_to(ws.root).as_posix()
    assert found(ws) == [("damaged", name)]
    assert inspect(ws, checksums=False) == ()
    mended = repair(ws)
    assert (mended.repaired, [fault.where for fault in mended.left]) == ((), [name])
    assert path.read_bytes() == bytes(content)


def test_a_manifest_is_written_again(ws: Workspace) -> None:
    info = ws.dataset("shop")
    before = json.loads((info.folder / "manifest.json").read_text())
    (info.folder / "manifest.json").unlink()
    assert [kind for kind, _ in found(ws)] == ["manifest"]
    repair(ws)
    assert json.loads((info.folder / "manifest.json").read_text()) == before
    assert inspect(ws) == ()


def test_results_and_runs_of_a_dataset_that_is_gone(ws: Workspace) -> None:
    with writing(ws.engine) as session:
        session.execute(update(ResultRow).values(dataset="stop"))
    run = ws.new_run("shop", 2, {})
    (run.folder / "model").write_text("weights")
    ws.finish_run(run.id, {})
    with writing(ws.engine) as session:
        session.execute(update(RunRow).where(RunRow.id == run.id).values(dataset="stop"))
    assert [kind for kind, _ in found(ws)] == ["orphan", "orphan"]
    mended = repair(ws)
    assert mended.left == ()
    assert mended.folder is not None
    assert (mended.folder / "runs" / "run-2" / "model").read_text() == "weights"
    assert [run.id for run in ws.runs()] == ["run-1"]


def test_half_written_files_and_dead_locks(ws: Workspace) -> None:
    long_ago = time.time() - 2 * 3600
    names = [
        "runs/run-1/.writing-0011-curve.parquet",
        "runs/run-1/checkpoint.safetensors.writing",
        "vectors/e/1.writing",
    ]
    for name in names:
        path = ws.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("half")
        os.utime(path, (long_ago, long_ago))
    (ws.root / "runs" / "run-1" / ".writing-fresh").write_text("being written")
    (ws.root / "locks" / "run-99.lock").touch()
    wanted = [("half-written", name) for name in names] + [("dead-lock", "locks/run-99.lock")]
    assert found(ws) == wanted
    assert repair(ws).left == ()
    assert (ws.root / "runs" / "run-1" / ".writing-fresh").exists()
    assert not any((ws.root / where).exists() for _, where in wanted)


def test_a_job_and_a_run_whose_process_is_gone(ws: Workspace) -> None:
    ledger = Ledger(ws)
    job = ledger.submit("finetune", {"dataset": "shop"}, "Fine-tune on shop", "shop")
    record, me = JobRecord(ws, job.id), process_id()
    gone = ProcessId(2**22 - 1, me.started, me.host)
    record.attach(gone)
    record.claim(gone)
    log_path(ws, job.id).write_text("known")
    run = ws.new_run("shop", 2, {})
    assert found(ws) == [("job", f"job {job.id}"), ("run", run.id)]
    mended = repair(ws)
    assert (mended.left, mended.folder) == ((), None)
    assert (ledger.job(job.id).status, ledger.job(job.id).resumable) == (Status.LOST, True)
    assert ws.run(run.id).status == "lost"


def test_a_run_that_is_being_trained_is_left_alone(ws: Workspace) -> None:
    run = ws.new_run("shop", 2, {})
    with ws.lock_of_run(run.id):
        assert inspect(ws) == ()
        assert ws.lose_runs() == []
    assert [one.id for one in ws.lose_runs()] == [run.id]


def test_faults_are_plain_json(ws: Workspace) -> None:
    (ws.root / "results" / "a.txt").write_text("")
    document = json.loads(to_json(repair(ws).as_dict()))
    assert document["faults"] == []
    assert [fault["kind"] for fault in document["repaired"]] == ["stray"]
    assert Path(document["lost_and_found"]).is_dir()


def test_only_admins_repair(ws: Workspace) -> None:
    with (
        acting_as(Actor("ann@example.org", Role.ANALYST)),
        pytest.raises(AccessError, match="may not repair"),
    ):
        repair(ws)
