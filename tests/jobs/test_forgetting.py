from pathlib import Path

from recsys_core.jobs.failures import Failure
from recsys_core.jobs.forgetting import REMOVED, forget_mentions
from recsys_core.jobs.job import Job
from recsys_core.jobs.ledger import Ledger
from recsys_core.jobs.place import log_path
from recsys_core.jobs.processes import process_id
from recsys_core.jobs.record import JobRecord
from recsys_core.workspace.workspace import Workspace


def failed(ws: Workspace, dataset: str, error: str) -> Job:
    job = Ledger(ws).submit("import", {"dataset": dataset}, f"Import {dataset}", dataset)
    record = JobRecord(ws, job.id)
    record.attach(process_id())
    record.claim(process_id())
    record.fail(Failure(error, "Mend the file."))
    log_path(ws, job.id).write_text(f"ValueError: {error}\n")
    return job


def test_texts_that_name_the_person_go(ws: Workspace) -> None:
    job = failed(ws, "shop", "Line 3 (user is 'ann': not a time)")
    assert forget_mentions(ws, "shop", ("ann",)) == 3
    told = Ledger(ws).job(job.id)
    assert (told.error, told.remedy) == (REMOVED, "Mend the file.")
    assert Ledger(ws).events(job.id)["message"].tolist() == ["", "", REMOVED]
    assert not log_path(ws, job.id).exists()
    assert forget_mentions(ws, "shop", ("ann",)) == 0


def test_other_texts_and_other_datasets_stay(ws: Workspace) -> None:
    kept = [failed(ws, "shop", "Line 3 (user is 'anna')"), failed(ws, "other", "Line 3 (user is 'ann')")]
    assert forget_mentions(ws, "shop", ("ann",)) == 0
    assert [Ledger(ws).job(job.id).error for job in kept] == [
        "Line 3 (user is 'anna')",
        "Line 3 (user is 'ann')",
    ]
    assert all(log_path(ws, job.id).exists() for job in kept)


def test_a_crash_that_names_the_person_goes(ws: Workspace) -> None:
    (ws.root / "logs").mkdir()
    crashes = [ws.root / "logs" / name for name in ("driftmap-crash-1.log", "driftmap-crash-2.log")]
    for path, who in zip(crashes, ("ann", "bob"), strict=True):
        path.write_text(f"KeyError: '{who}'\n")
    assert forget_mentions(ws, "shop", ("ann",)) == 1
    assert [path.name for path in Path(ws.root / "logs").iterdir()] == ["driftmap-crash-2.log"]
