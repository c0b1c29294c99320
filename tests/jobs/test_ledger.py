import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from recsys_core.access import OWNER, Actor, Role, acting_as
from recsys_core.errors import AccessError, InputError, NotFoundError
from recsys_core.jobs.failures import Failure
from recsys_core.jobs.job import Status
from recsys_core.jobs.ledger import EVENT_COLUMNS, Ledger
from recsys_core.jobs.processes import process_id
from recsys_core.jobs.record import JobRecord
from recsys_core.jobs.turn import is_manned


def test_a_submitted_job_is_queued_with_its_parameters(ws):
    job = Ledger(ws).submit("count", {"to": 3, "names": ["a"]}, "Count", "shop")
    assert (job.status, job.kind, job.title, job.dataset) == (Status.QUEUED, "count", "Count", "shop")
    assert job.params == {"to": 3, "names": ["a"]}
    assert job.device == "cpu"
    assert (job.seconds, job.fraction, job.ended, job.resumable) == (0.0, None, False, False)


def test_jobs_come_newest_first_and_the_queue_oldest_first(ws):
    ledger = Ledger(ws)
    for title in ("a", "b", "c"):
        ledger.submit("count", {}, title)
    assert [job.title for job in ledger.jobs()] == ["c", "b", "a"]
    assert [job.title for job in ledger.jobs(limit=1)] == ["c"]
    assert [job.title for job in ledger.queue("cpu")] == ["a", "b", "c"]
    assert ledger.queue("cuda:0") == []


def test_an_unknown_job_names_those_there_are(ws):
    ledger = Ledger(ws)
    ledger.submit("count", {}, "a")
    with pytest.raises(NotFoundError, match=r"There is no job 7\. The newest jobs are: 1\."):
        ledger.job(7)


def test_only_the_attached_process_claims_and_only_once(ws):
    job = Ledger(ws).submit("count", {}, "a")
    record, me = JobRecord(ws, job.id), process_id()
    assert record.claim(me) is False
    assert record.attach(me) is True
    assert record.claim(me) is True
    assert record.claim(me) is False
    assert Ledger(ws).job(job.id).status is Status.RUNNING


def test_the_first_end_stands(ws):
    record = JobRecord(ws, Ledger(ws).submit("count", {}, "a").id)
    record.attach(process_id())
    record.claim(process_id())
    assert record.finish({"n": 1}) is True
    assert record.fail(Failure("No.", "Never.")) is False
    assert record.cancelled() is False
    job = Ledger(ws).job(record.job_id)
    assert (job.status, dict(job.result), job.error) == (Status.FINISHED, {"n": 1}, "")


def test_events_tell_the_story_in_order(ws):
    ledger = Ledger(ws)
    record = JobRecord(ws, ledger.submit("count", {}, "a").id)
    record.attach(process_id())
    record.claim(process_id())
    record.write(
        {"stage": "Training", "done": 1.0, "total": 4.0}, [{"at": 5.0, "kind": "log", "message": "hi"}]
    )
    record.finish({})
    events = ledger.events(record.job_id)
    assert tuple(events.columns) == EVENT_COLUMNS
    assert list(events["kind"]) == ["state", "state", "log", "state"]
    assert list(events["name"]) == ["queued", "running", "", "finished"]
    assert str(events["at"][2]) == "1970-01-01 00:00:05+00:00"
    assert list(ledger.events(record.job_id, kind="log")["message"]) == ["hi"]
    assert list(ledger.events(record.job_id, after=int(events["id"][2]))["name"]) == ["finished"]
    assert ledger.job(record.job_id).fraction == 0.25


def test_no_events_is_an_empty_table(ws):
    ledger = Ledger(ws)
    events = ledger.events(ledger.submit("count", {}, "a").id, kind="metric")
    assert (len(events), tuple(events.columns)) == (0, EVENT_COLUMNS)


def test_cancel_ends_a_queued_job_and_leaves_an_ended_one(ws):
    ledger = Ledger(ws)
    job = ledger.submit("count", {}, "a")
    assert ledger.request_cancel(job.id).status is Status.CANCELLED
    assert ledger.request_cancel(job.id).status is Status.CANCELLED
    assert list(ledger.events(job.id)["name"]) == ["queued", "cancelled"]


def test_a_finished_job_cannot_be_resumed(ws):
    ledger = Ledger(ws)
    record = JobRecord(ws, ledger.submit("count", {}, "a").id)
    record.attach(process_id())
    record.claim(process_id())
    record.finish({})
    with pytest.raises(InputError, match="Job 1 is finished, so there is nothing to resume"):
        ledger.resume(record.job_id)


def test_the_line_keeps_its_order_where_the_clock_is_set_back(ws, monkeypatch):
    ledger, now = Ledger(ws), time.time()
    for title, moment in (("a", now), ("b", now - 3600), ("c", now - 7200)):
        monkeypatch.setattr(time, "time", lambda moment=moment: moment)
        ledger.submit("count", {}, title)
    assert [job.title for job in ledger.queue()] == ["a", "b", "c"]
    first = ledger.queue()[0]
    ledger.request_cancel(first.id)
    ledger.requeue(first.id)
    assert [job.title for job in ledger.queue()] == ["b", "c", "a"]


def test_where_the_clock_is_set_back_a_job_without_a_worker_does_not_wait_for_it(ws):
    job = Ledger(ws).submit("count", {}, "a")
    assert is_manned(job)
    assert not is_manned(job, job.queued.timestamp() - 3600)
    elsewhere = replace(job, pid=1, pid_started=1.0, host="another", heartbeat=job.queued)
    assert is_manned(elsewhere, job.queued.timestamp() + 60)
    assert not is_manned(elsewhere, job.queued.timestamp() - 3600)
    started = replace(job, started=job.queued, finished=job.queued - timedelta(hours=1))
    assert started.seconds == 0.0


SUBMITTER = """
import sys
from recsys_core.jobs.ledger import Ledger
from recsys_core.workspace.workspace import Workspace
ledger = Ledger(Workspace.open(sys.argv[1]))
for number in range(10):
    ledger.submit("count", {"number": number}, f"{sys.argv[2]}-{number}")
"""


def test_fifty_jobs_submitted_by_five_processes_at_once(ws):
    start = [sys.executable, "-c", SUBMITTER, str(ws.root)]
    submitters = [subprocess.Popen([*start, str(one)]) for one in range(5)]
    assert [one.wait(120) for one in submitters] == [0] * 5
    jobs = Ledger(ws).queue()
    assert [job.id for job in jobs] == list(range(1, 51))
    for one in range(5):
        numbers = [job.params["number"] for job in jobs if job.title.startswith(f"{one}-")]
        assert numbers == list(range(10))
    assert len({job.queued for job in jobs}) == 50


def test_a_requeued_job_goes_to_the_end_of_the_line(ws):
    ledger = Ledger(ws)
    first, second = (ledger.submit("count", {}, title) for title in ("a", "b"))
    ledger.request_cancel(first.id)
    assert ledger.requeue(first.id) is True
    assert [job.id for job in ledger.queue()] == [second.id, first.id]
    assert ledger.job(first.id).finished is None


def test_jobs_are_counted_by_status(ws):
    ledger = Ledger(ws)
    assert ledger.counts() == {}
    for title in "abc":
        ledger.submit("count", {}, title)
    ledger.request_cancel(1)
    assert ledger.counts() == {Status.QUEUED: 2, Status.CANCELLED: 1}


def test_a_viewer_reads_the_ledger_and_changes_nothing(ws):
    ledger = Ledger(ws)
    job = ledger.submit("count", {}, "a")
    with acting_as(Actor("vic@example.org", Role.VIEWER)):
        assert [one.id for one in ledger.jobs()] == [job.id]
        for act in (ledger.request_cancel, ledger.resume, ledger.requeue):
            with pytest.raises(AccessError, match="takes the role analyst"):
                act(job.id)
        with pytest.raises(AccessError, match=r"Vic@example\.org may not submit a job"):
            ledger.submit("count", {}, "b")
    assert [(one.id, one.status, one.actor) for one in ledger.jobs()] == [(1, "queued", OWNER.name)]


def test_one_person_may_have_so_many_unfinished_jobs(ws, monkeypatch):
    monkeypatch.setenv("DRIFTMAP_SIGN_IN", "oidc")
    monkeypatch.setenv("DRIFTMAP_MAX_JOBS_EACH", "2")
    ledger = Ledger(ws)
    with acting_as(Actor("ada@example.org", Role.ANALYST)):
        first, _ = (ledger.submit("count", {}, title) for title in "ab")
        with pytest.raises(InputError, match="has 2 unfinished jobs, and one person may have 2"):
            ledger.submit("count", {}, "c")
        ledger.request_cancel(first.id)
        ledger.submit("count", {}, "d")
    with acting_as(Actor("ben@example.org", Role.ANALYST)):
        ledger.submit("count", {}, "e")
        assert [job.title for job in ledger.queue()] == ["b", "d", "e"]
