import threading

import pytest

from recsys_core.errors import CancelledError, InputError
from recsys_core.jobs.foreground import run_here
from recsys_core.jobs.job import Status
from recsys_core.jobs.ledger import Ledger
from recsys_core.jobs.local import submit_local
from recsys_core.progress import Silent
from tests.jobs.waiting import until, until_at


class Remembered(Silent):
    def __init__(self):
        self.lines = []

    def stage(self, name):
        self.lines.append(name)

    def log(self, message):
        self.lines.append(message)


def test_work_done_here_is_in_the_ledger_too(ws):
    progress = Remembered()
    assert run_here(ws, "count", {"file": "a", "to": 2}, progress)["counted"] == 2
    job = Ledger(ws).job(1)
    assert (job.status, job.result["counted"], job.stage) == (Status.FINISHED, 2, "Counting")
    assert list(Ledger(ws).events(1, kind="metric")["value"]) == [1.0, 2.0]
    assert progress.lines == ["Counting"]


@pytest.mark.one_database
def test_it_waits_for_the_job_before_it_and_says_so(ws):
    first = submit_local(ws, "count", {"file": "a", "to": 10, "pause": 0.1})
    progress = Remembered()
    run_here(ws, "count", {"file": "a", "to": 12}, progress)
    assert progress.lines == ["Waiting for job 1 (Count ); one job runs at a time.", "Counting"]
    assert (ws.root / "a").read_text().split() == [str(n) for n in range(1, 13)]
    assert Ledger(ws).job(first.id).finished <= Ledger(ws).job(2).started


@pytest.mark.one_database
def test_others_wait_for_it(ws):
    here = threading.Thread(
        target=run_here, args=(ws, "count", {"file": "a", "to": 20, "pause": 0.1}, Silent())
    )
    here.start()
    until_at(ws.root / "a", 1)
    second = submit_local(ws, "count", {"file": "b", "to": 1})
    done = until(Ledger(ws), second.id, Status.FINISHED)
    here.join()
    assert done.started >= Ledger(ws).job(1).finished


def test_it_can_be_cancelled_from_elsewhere(ws):
    def cancel():
        until_at(ws.root / "a", 2)
        Ledger(ws).request_cancel(1)

    threading.Thread(target=cancel).start()
    with pytest.raises(CancelledError):
        run_here(ws, "count", {"file": "a", "to": 600, "pause": 0.1}, Silent())
    assert Ledger(ws).job(1).status is Status.CANCELLED


def test_its_failure_is_raised_and_written_down(ws):
    with pytest.raises(InputError, match="The file is empty"):
        run_here(ws, "count", {"file": "a", "to": 3, "at": 1, "then": "input"}, Silent())
    assert (Ledger(ws).job(1).status, Ledger(ws).job(1).remedy) == (Status.FAILED, "Choose another one.")
    assert run_here(ws, "count", {"file": "b", "to": 1}, Silent())["counted"] == 1
