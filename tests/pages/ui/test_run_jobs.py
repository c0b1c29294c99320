from pages.ui.run_jobs import GONE, RESUME, TRY_AGAIN, fates
from recsys_core.jobs.failures import Failure
from recsys_core.jobs.job import Job
from recsys_core.jobs.ledger import Ledger
from recsys_core.jobs.record import JobRecord
from recsys_core.workspace.recording import log_line
from recsys_core.workspace.records import DatasetInfo
from recsys_core.workspace.workspace import Workspace
from tests.pages.conftest import begin


def training(ws: Workspace, run_id: str = "") -> tuple[Job, JobRecord]:
    """A fine-tune at work, on the run of that id."""
    job = Ledger(ws).submit("finetune", {"dataset": "shop"}, "Fine-tune on shop", "shop")
    record = begin(ws, job.id)
    if run_id:
        record.write({}, [{"at": 1.0, "kind": "log", "name": "", "message": log_line(run_id)}])
    return job, record


def test_a_run_at_work_is_running(ws: Workspace, shop: DatasetInfo) -> None:
    run = ws.new_run(shop.name, 1, {})
    training(ws, run.id)

    fate = fates(Ledger(ws), ws.runs())[run.id]

    assert (fate.failed, fate.interrupted) == (False, False)


def test_a_run_whose_job_was_killed_is_interrupted_and_says_why(ws: Workspace, shop: DatasetInfo) -> None:
    run = ws.new_run(shop.name, 1, {})
    job, record = training(ws, run.id)
    record.fail(Failure("Memory ran out.", "Close other programs."))

    fate = fates(Ledger(ws), ws.runs())[run.id]

    assert (fate.interrupted, fate.error, fate.remedy) == (True, "Memory ran out.", "Close other programs.")
    assert fate.job is not None
    assert fate.job.id == job.id


def test_a_failed_run_has_its_own_reason_and_remedy(ws: Workspace, shop: DatasetInfo) -> None:
    run = ws.new_run(shop.name, 1, {})
    ws.finish_run(run.id, {"error": "Too few users.", "remedy": "Import more."}, "failed")

    fate = fates(Ledger(ws), ws.runs())[run.id]

    assert (fate.job, fate.error, fate.remedy) == (None, "Too few users.", "Import more.")


def test_an_older_failed_run_is_given_a_remedy(ws: Workspace, shop: DatasetInfo) -> None:
    run = ws.new_run(shop.name, 1, {})
    ws.finish_run(run.id, {"error": "Broken."}, "failed")

    assert fates(Ledger(ws), ws.runs())[run.id].remedy == TRY_AGAIN


def test_a_run_that_nobody_knows_of_is_gone(ws: Workspace, shop: DatasetInfo) -> None:
    run = ws.new_run(shop.name, 1, {})

    fate = fates(Ledger(ws), ws.runs())[run.id]

    assert (fate.interrupted, fate.error, fate.remedy) == (True, GONE, RESUME)


def test_a_cancelled_run_is_no_failure(ws: Workspace, shop: DatasetInfo) -> None:
    run = ws.new_run(shop.name, 1, {})
    ws.finish_run(run.id, {}, "cancelled")

    assert not fates(Ledger(ws), ws.runs())[run.id].failed


def test_of_several_jobs_the_one_whose_log_names_the_run_counts(ws: Workspace, shop: DatasetInfo) -> None:
    first, second = ws.new_run(shop.name, 1, {}), ws.new_run(shop.name, 1, {})
    job, record = training(ws, first.id)
    record.fail(Failure("First.", "Mend."))
    other, record = training(ws, second.id)
    record.fail(Failure("Second.", "Mend."))

    found = fates(Ledger(ws), ws.runs())

    assert {run_id: fate.job.id for run_id, fate in found.items() if fate.job} == {
        first.id: job.id,
        second.id: other.id,
    }
