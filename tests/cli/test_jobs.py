import json

import pytest

from recsys_core.jobs.job import Status
from recsys_core.jobs.ledger import Ledger
from recsys_core.jobs.local import submit_local
from tests.jobs.waiting import until, until_at


@pytest.mark.usefixtures("ws")
def test_no_jobs_yet(driftmap):
    assert driftmap("jobs", "ls")[:2] == (0, "There are no jobs yet.\n")
    code, _, err = driftmap("jobs", "show")
    assert (code, "There are no jobs yet." in err) == (2, True)


@pytest.mark.usefixtures("ws")
def test_an_unknown_job_exits_2(driftmap):
    for command in ("show", "cancel", "resume"):
        code, out, _ = driftmap("jobs", command, "9", "--json")
        assert (code, json.loads(out)["error"]) == (2, "There is no job 9.")


def test_a_job_is_listed_shown_cancelled_and_resumed(driftmap, ws):
    job = submit_local(ws, "count", {"file": "a", "to": 30, "pause": 0.1}, dataset="shop")
    until_at(ws.root / "a", 2)
    [listed] = json.loads(driftmap("jobs", "ls", "--json")[1])["jobs"]
    assert (listed["id"], listed["status"], listed["title"]) == (job.id, "running", "Count shop")
    assert json.loads(driftmap("jobs", "cancel", job.id, "--json")[1])["status"] == "cancelling"
    until(Ledger(ws), job.id, Status.CANCELLED)
    assert json.loads(driftmap("jobs", "resume", job.id, "--json")[1])["status"] == "queued"
    until(Ledger(ws), job.id, Status.FINISHED)
    shown = json.loads(driftmap("jobs", "show", "--json")[1])
    assert (shown["result"]["counted"], shown["metrics"]) == (30, {"number": 30.0})
    code, _, err = driftmap("jobs", "resume", job.id)
    assert (code, err.startswith("Job 1 is finished")) == (2, True)


def test_a_failure_is_shown_with_its_sentence(driftmap, ws):
    job = submit_local(ws, "count", {"file": "a", "to": 3, "at": 1, "then": "input"})
    until(Ledger(ws), job.id, Status.FAILED)
    assert "The file is empty." in driftmap("jobs", "ls")[1]
    shown = driftmap("jobs", "show", job.id)[1]
    assert "Choose another one." in shown
    assert "Traceback" not in shown
