import threading
import time

import pytest
from sqlalchemy import event

from recsys_core.errors import CancelledError
from recsys_core.jobs.ledger import Ledger
from recsys_core.jobs.ledger_progress import LedgerProgress
from recsys_core.jobs.processes import process_id
from recsys_core.jobs.record import JobRecord


@pytest.fixture
def record(ws):
    record = JobRecord(ws, Ledger(ws).submit("count", {}, "a").id)
    record.attach(process_id())
    record.claim(process_id())
    return record


def test_every_metric_is_kept_and_only_the_newest_progress(ws, record):
    with LedgerProgress(record) as progress:
        progress.stage("Training")
        for step in range(500):
            progress.metric("loss", step, step / 2)
            progress.advance(step + 1, 500, f"step {step}")
        progress.log("done")
    ledger = Ledger(ws)
    metrics = ledger.events(record.job_id, kind="metric")
    assert list(metrics["step"]) == list(range(500))
    assert metrics["value"].iloc[-1] == 249.5
    job = ledger.job(record.job_id)
    assert (job.stage, job.done, job.total, job.message) == ("Training", 500.0, 500.0, "step 499")
    assert list(ledger.events(record.job_id, kind="progress")["name"]) == ["Training"]
    assert list(ledger.events(record.job_id, kind="log")["message"]) == ["done"]


def test_writes_are_half_a_second_apart(ws, record):
    commits = []
    event.listen(ws.engine, "commit", lambda _: commits.append(time.monotonic()))
    end = time.monotonic() + 1.2
    with LedgerProgress(record) as progress:
        while time.monotonic() < end:
            progress.advance(1, 2)
            time.sleep(0.005)
    assert 1 <= len(commits) <= 4


def test_a_new_stage_counts_anew(ws, record):
    with LedgerProgress(record) as progress:
        progress.stage("One")
        progress.advance(5, 5, "all")
        progress.stage("Two")
    job = Ledger(ws).job(record.job_id)
    assert (job.stage, job.done, job.total, job.message) == ("Two", 0.0, 0.0, "")


def test_work_learns_of_a_cancel_soon(ws, record):
    with LedgerProgress(record, interval=0.05) as progress:
        progress.check_cancelled()
        Ledger(ws).request_cancel(record.job_id)
        waiting = threading.Event()
        with pytest.raises(CancelledError):  # noqa: PT012 - it is raised some calls later
            for _ in range(100):
                waiting.wait(0.05)
                progress.check_cancelled()
