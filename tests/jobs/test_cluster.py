import time
from collections.abc import Iterator
from types import SimpleNamespace

import psutil
import pytest
from sqlalchemy import make_url

from recsys_core.jobs import cluster_check
from recsys_core.jobs.cluster import Cluster, entrypoint, environment_there, submission_id
from recsys_core.jobs.job import Status
from recsys_core.jobs.ledger import Ledger
from recsys_core.jobs.local import submit_local
from recsys_core.jobs.place import LightPlace, log_path
from recsys_core.jobs.reaper import reap
from recsys_core.jobs.starting import start
from tests.jobs.small_cluster import SmallCluster, small_cluster
from tests.jobs.waiting import until, until_at

pytestmark = pytest.mark.one_database  # the nodes of the test's cluster have no password of a server
LIMIT = 300.0
NOBODY = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def running() -> Iterator[SmallCluster]:
    with small_cluster() as cluster:
        yield cluster
        family = cluster.processes()
    assert psutil.wait_procs(family, timeout=10)[1] == []


@pytest.fixture
def cluster(running: SmallCluster, monkeypatch: pytest.MonkeyPatch) -> Cluster:
    monkeypatch.setenv("DRIFTMAP_RAY_ADDRESS", running.address)
    return Cluster(running.address)


def test_a_job_that_waited_for_the_cluster_runs_there_once_and_its_log_is_here(
    ws, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = Ledger(ws)
    monkeypatch.setenv("DRIFTMAP_RAY_ADDRESS", NOBODY)
    asked = time.monotonic()
    waiting = submit_local(ws, "count", {"file": "a", "to": 3, "at": 3, "then": "bug"})
    assert time.monotonic() - asked < 5
    assert (waiting.status, waiting.device) == (Status.QUEUED, "ray")
    assert waiting.message == f"The Ray cluster at {NOBODY} doesn't answer. The job starts when it is back."

    monkeypatch.setenv("DRIFTMAP_RAY_ADDRESS", cluster.address)
    assert [job.message for job in reap(ws)] == ["Waits for its turn on the Ray cluster."]
    start(ws, ledger.job(waiting.id))
    failed = until(ledger, waiting.id, Status.FAILED, seconds=LIMIT)
    assert failed.error == "Driftmap failed in a way it should not (ZeroDivisionError)."
    assert "secret detail" in log_path(ws, waiting.id).read_text()
    assert (ws.root / "a").read_text().split() == ["1", "2", "3"]
    assert list(ledger.events(waiting.id, kind="state")["name"]) == ["queued", "running", "failed"]


@pytest.mark.usefixtures("cluster")
def test_work_in_parts_is_done_by_several_nodes_and_told_in_order(ws) -> None:
    job = submit_local(ws, "squares", {"to": 12})
    result = until(Ledger(ws), job.id, Status.FINISHED, seconds=LIMIT).result
    assert result == {"squares": [number**2 for number in range(12)], "processes": 2}


def test_a_full_cluster_lets_jobs_wait_and_a_cancel_ends_both_within_five_seconds(
    ws, cluster: Cluster
) -> None:
    ledger = Ledger(ws)
    deaf = [submit_local(ws, "count", {"file": name, "to": 9, "at": 1, "then": "deaf"}) for name in "ab"]
    for name in "ab":
        until_at(ws.root / name, 1, seconds=LIMIT)
    assert cluster.size().nodes == 2
    waiting = submit_local(ws, "count", {"file": "c", "to": 1})
    asked = time.monotonic()
    assert ledger.request_cancel(waiting.id).status is Status.CANCELLED
    for job in deaf:
        ledger.request_cancel(job.id)
    for job in deaf:
        until(ledger, job.id, Status.CANCELLED)
    assert time.monotonic() - asked < 5
    ledger.resume(waiting.id, "local")
    done = until(ledger, waiting.id, Status.FINISHED)
    assert (done.device, (ws.root / "c").read_text()) == ("cpu", "1 ")


def test_what_the_cluster_ended_before_it_began_is_told(ws, cluster: Cluster) -> None:
    from ray.job_submission import JobSubmissionClient

    job = Ledger(ws).submit("count", {"file": "a", "to": 1}, "Count")
    JobSubmissionClient(cluster.address).submit_job(entrypoint="exit 3", submission_id=submission_id(ws, job))
    end = time.monotonic() + LIMIT
    while not Ledger(ws).job(job.id).ended and time.monotonic() < end:
        start(ws, job)
        time.sleep(0.1)
    failed = Ledger(ws).job(job.id)
    assert failed.error.startswith("It ended on the Ray cluster before it began: ")
    assert "exit code 3" in failed.error
    assert failed.resumable


def test_without_its_cluster_a_machine_does_the_work_itself_where_it_may(
    ws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRIFTMAP_RAY_ADDRESS", NOBODY)
    monkeypatch.setenv("DRIFTMAP_RAY_AWAY", "local")
    job = submit_local(ws, "count", {"file": "a", "to": 1})
    assert until(Ledger(ws), job.id, Status.FINISHED).device == "cpu"
    told = Ledger(ws).events(job.id, kind="log")["message"].tolist()
    assert told == [f"The Ray cluster at {NOBODY} doesn't answer. The job runs on this machine."]


def test_the_doctor_says_what_the_cluster_has_and_what_is_lost_without_it(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    (check,) = cluster_check.examine_cluster()
    assert check.ok
    assert f"Ray at {cluster.address}: 2 nodes, " in check.detail
    monkeypatch.setenv("DRIFTMAP_RAY_ADDRESS", NOBODY)
    (check,) = cluster_check.examine_cluster()
    assert (check.ok, check.detail) == (False, f"The Ray cluster at {NOBODY} doesn't answer.")
    assert check.remedy.startswith("Background jobs wait until it is back")


def test_no_password_reaches_the_cluster(ws) -> None:
    place = LightPlace(ws.root, SimpleNamespace(url=make_url("postgresql://me:hush@db/driftmap")))
    assert environment_there(ws)["DRIFTMAP_DATABASE_URL"] == str(ws.engine.url)
    sent = environment_there(place)
    assert (
        "hush"
        not in f"{sent} {entrypoint(place, 1)} {submission_id(place, Ledger(ws).submit('count', {}, 'C'))}"
    )
    assert set(sent) <= {"DRIFTMAP_WORKSPACE", "DRIFTMAP_DEVICE", "OMP_WAIT_POLICY", "PYTHONUNBUFFERED"}
