import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time

import psutil
import pytest

from recsys_core.access import Actor, Role, acting_as
from recsys_core.errors import InputError, OutageError
from recsys_core.jobs import worker
from recsys_core.jobs.job import Status
from recsys_core.jobs.ledger import Ledger
from recsys_core.jobs.local import submit_local
from recsys_core.jobs.place import log_path
from recsys_core.jobs.processes import ProcessId, is_alive, process_id
from recsys_core.jobs.reaper import reap
from recsys_core.jobs.record import JobRecord
from recsys_core.jobs.spawn import child_environment
from recsys_core.jobs.worker import work
from recsys_core.workspace import engines
from recsys_core.workspace.workspace import Workspace
from tests.jobs.waiting import until, until_at, until_waiting


def numbers(ws, name="a"):
    return [int(number) for number in (ws.root / name).read_text().split()]


def test_a_job_runs_in_a_process_of_its_own(ws):
    job = submit_local(ws, "count", {"file": "a", "to": 3}, dataset="shop")
    assert job.title == "Count shop"
    done = until(Ledger(ws), job.id, Status.FINISHED)
    assert numbers(ws) == [1, 2, 3]
    assert done.result["counted"] == 3
    assert done.result["pid"] not in (os.getpid(), done.pid)
    assert (done.stage, done.fraction, done.error) == ("Counting", 1.0, "")
    metrics = Ledger(ws).events(job.id, kind="metric")
    assert list(metrics["value"]) == [1.0, 2.0, 3.0]


@pytest.mark.one_database
def test_an_unknown_kind_is_refused(ws):
    with pytest.raises(InputError, match="There is no job of the kind 'sing'"):
        submit_local(ws, "sing")
    assert Ledger(ws).jobs() == []


@pytest.mark.one_database
def test_a_job_outlives_its_parent(ws):
    parent = f"""
        import sys, time
        from recsys_core.jobs.local import submit_local
        from recsys_core.workspace.workspace import Workspace
        submit_local(Workspace.open({str(ws.root)!r}), "count", {{"file": "a", "to": 30, "pause": 0.1}})
        time.sleep(60)
    """
    app = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(parent)], env=child_environment(ws), start_new_session=True
    )
    until_at(ws.root / "a", 2)
    os.killpg(app.pid, signal.SIGKILL)
    app.wait()
    assert until(Ledger(ws), 1, Status.FINISHED).result["counted"] == 30
    assert numbers(ws) == list(range(1, 31))


@pytest.mark.one_database
def test_threads_of_a_job_sleep_while_they_wait_unless_told_otherwise(ws, monkeypatch):
    monkeypatch.delenv("OMP_WAIT_POLICY", raising=False)
    assert child_environment(ws)["OMP_WAIT_POLICY"] == "PASSIVE"
    monkeypatch.setenv("OMP_WAIT_POLICY", "ACTIVE")
    assert child_environment(ws)["OMP_WAIT_POLICY"] == "ACTIVE"


@pytest.mark.one_database
def test_jobs_of_a_device_run_one_after_the_other_in_order(ws):
    ledger = Ledger(ws)
    jobs = [submit_local(ws, "count", {"file": "a", "to": 10 * n, "pause": 0.05}) for n in (1, 2, 3)]
    waiting = until_waiting(ledger, jobs[2].id)
    assert (waiting.status, waiting.waits_for) == (Status.QUEUED, jobs[1].id)
    done = [until(ledger, job.id, Status.FINISHED) for job in jobs]
    assert done[0].finished <= done[1].started <= done[1].finished <= done[2].started
    assert numbers(ws) == list(range(1, 31))
    assert done[2].waits_for is None


@pytest.mark.one_database
def test_jobs_of_two_devices_run_side_by_side(ws):
    ledger = Ledger(ws)
    slow = submit_local(ws, "count", {"file": "a", "to": 600, "pause": 0.1}, device="cuda:0")
    until(ledger, slow.id, Status.RUNNING)
    quick = submit_local(ws, "count", {"file": "b", "to": 1})
    until(ledger, quick.id, Status.FINISHED)
    assert ledger.job(slow.id).status is Status.RUNNING
    ledger.request_cancel(slow.id)
    until(ledger, slow.id, Status.CANCELLED)


def test_a_running_job_stops_at_the_next_safe_point(ws):
    ledger = Ledger(ws)
    job = submit_local(ws, "count", {"file": "a", "to": 600, "pause": 0.1})
    until_at(ws.root / "a", 2)
    assert ledger.request_cancel(job.id).status is Status.CANCELLING
    ended = until(ledger, job.id, Status.CANCELLED)
    assert (ended.error, ended.resumable) == ("", True)
    assert 2 <= len(numbers(ws)) < 600


@pytest.mark.one_database
def test_a_queued_job_that_is_cancelled_never_runs(ws):
    ledger = Ledger(ws)
    first = submit_local(ws, "count", {"file": "a", "to": 15, "pause": 0.1})
    second = submit_local(ws, "count", {"file": "b", "to": 1})
    third = submit_local(ws, "count", {"file": "c", "to": 1})
    until(ledger, first.id, Status.RUNNING)
    assert ledger.request_cancel(second.id).status is Status.CANCELLED
    until(ledger, third.id, Status.FINISHED)
    assert not (ws.root / "b").exists()


@pytest.mark.one_database
def test_a_job_deaf_to_cancel_is_ended_with_all_its_children_in_five_seconds(ws):
    ledger = Ledger(ws)
    job = submit_local(ws, "count", {"file": "a", "to": 9, "at": 1, "then": "deaf"})
    until_at(ws.root / "a", 1)
    family = psutil.Process(ledger.job(job.id).pid).children(recursive=True)
    asked = time.monotonic()
    ledger.request_cancel(job.id)
    until(ledger, job.id, Status.CANCELLED)
    assert time.monotonic() - asked < 5
    gone, alive = psutil.wait_procs(family, timeout=5)
    assert (len(gone) >= 1, alive) == (True, [])


@pytest.mark.one_database
def test_bad_input_ends_in_a_sentence_with_its_remedy(ws):
    job = submit_local(ws, "count", {"file": "a", "to": 3, "at": 2, "then": "input"})
    failed = until(Ledger(ws), job.id, Status.FAILED)
    assert (failed.error, failed.remedy) == ("The file is empty.", "Choose another one.")
    assert failed.resumable


@pytest.mark.one_database
def test_a_bug_shows_its_traceback_in_the_log_only(ws):
    job = submit_local(ws, "count", {"file": "a", "to": 3, "at": 2, "then": "bug"})
    failed = until(Ledger(ws), job.id, Status.FAILED)
    assert failed.error == "Driftmap failed in a way it should not (ZeroDivisionError)."
    assert "log file" in failed.remedy
    assert "secret detail" in log_path(ws, job.id).read_text()
    assert "Traceback" not in str(failed) + Ledger(ws).events(job.id).to_string()


@pytest.mark.one_database
def test_work_ended_by_the_system_still_gets_a_sentence(ws):
    job = submit_local(ws, "count", {"file": "a", "to": 3, "at": 2, "then": "killed"})
    failed = until(Ledger(ws), job.id, Status.FAILED)
    assert failed.error == "The system ended the job's process, most likely because memory ran out."


@pytest.mark.one_database
def test_a_killed_worker_takes_its_work_along_and_the_job_resumes(ws):
    ledger = Ledger(ws)
    job = submit_local(ws, "count", {"file": "a", "to": 40, "pause": 0.1})
    until_at(ws.root / "a", 3)
    running = ledger.job(job.id)
    tasks = psutil.Process(running.pid).children()
    os.kill(running.pid, signal.SIGKILL)
    assert psutil.wait_procs(tasks, timeout=5)[1] == []
    assert not is_alive(ProcessId(running.pid, running.pid_started, running.host))
    assert [lost.id for lost in reap(ws)] == [job.id]
    lost = ledger.job(job.id)
    assert (lost.status, lost.remedy) == (Status.LOST, "Resume the job.")
    assert reap(ws) == []
    ledger.resume(job.id)
    until(ledger, job.id, Status.FINISHED)
    assert numbers(ws) == list(range(1, 41))
    states = list(ledger.events(job.id, kind="state")["name"])
    assert states == ["queued", "running", "lost", "queued", "running", "finished"]


@pytest.mark.one_database
def test_a_catalogue_that_is_busy_for_long_does_not_end_the_work(ws, monkeypatch):
    monkeypatch.setattr(engines, "WAIT_SECONDS", 0.2)
    again = Workspace.open(ws.root)
    record, me = JobRecord(again, Ledger(again).submit("count", {}, "a").id), process_id()
    record.attach(me)
    record.claim(me)
    holder = sqlite3.connect(ws.root / "catalog.db", isolation_level=None)
    with contextlib.closing(holder):
        holder.execute("BEGIN IMMEDIATE")
        task = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1)"])
        worker._watch(record, task, 1.0)
        assert task.returncode == 0
        with pytest.raises(OutageError):
            record.beat()
    assert record.beat()


@pytest.mark.one_database
def test_a_queued_job_without_worker_is_taken_up_again(ws):
    ledger = Ledger(ws)
    first = submit_local(ws, "count", {"file": "a", "to": 20, "pause": 0.1})
    second = submit_local(ws, "count", {"file": "b", "to": 1})
    until_waiting(ledger, second.id)
    os.kill(ledger.job(second.id).pid, signal.SIGKILL)
    until(ledger, first.id, Status.FINISHED)
    assert until(ledger, second.id, Status.FINISHED).result["counted"] == 1


def test_a_job_that_another_process_answers_for_is_left_alone(ws):
    job = Ledger(ws).submit("count", {"file": "a", "to": 1}, "Count")
    Ledger(ws).request_cancel(job.id)
    work(ws, job.id)
    assert not (ws.root / "a").exists()


def test_the_waiting_process_loads_nothing_heavy():
    code = (
        "import recsys_core.jobs.worker, sys; print({'pandas', 'torch', 'umap', 'duckdb'} & set(sys.modules))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "set()"


def test_a_job_is_done_in_the_name_of_who_submitted_it(ws, monkeypatch):
    monkeypatch.setenv("DRIFTMAP_SIGN_IN", "oidc")
    with acting_as(Actor("ada@example.org", Role.ANALYST)):
        job = submit_local(ws, "count", {"file": "a", "to": 1})
        done = until(Ledger(ws), job.id, Status.FINISHED)
    assert (done.actor, done.role) == ("ada@example.org", "analyst")
    assert done.result["actor"] == ["ada@example.org", "analyst"]
