"""Two processes on one ledger, as two apps are, on one machine or on two."""

import subprocess
import sys
import threading

import pandas as pd
import pytest

from recsys_core.jobs.job import Status
from recsys_core.jobs.ledger import Ledger
from recsys_core.jobs.local import submit_local
from recsys_core.jobs.processes import process_id
from recsys_core.jobs.record import JobRecord
from recsys_core.jobs.task import opened
from tests.jobs.waiting import until

N = 15
SUBMITTER = f"""
import sys
from recsys_core.jobs.ledger import Ledger
from recsys_core.jobs.processes import process_id
from recsys_core.jobs.record import JobRecord
from recsys_core.workspace.workspace import Workspace
ws = Workspace.open(sys.argv[1])
for n in range({N}):
    job = Ledger(ws).submit("count", {{"n": n}}, sys.argv[2])
    run = ws.new_run("shop", 1, {{}}) if n % 3 == 0 else None
    record = JobRecord(ws, job.id)
    assert record.attach(process_id()) and record.claim(process_id())
    record.write({{"done": 1.0}}, [{{"at": float(n), "kind": "log", "message": sys.argv[2]}}])
    assert record.finish({{"run": run.id if run else None}})
    print(job.id)
"""


def test_two_processes_submit_and_finish_jobs(ws):
    event = {
        "user_id": ["ann"],
        "item_id": ["x"],
        "domain": ["tea"],
        "timestamp": pd.to_datetime([0], utc=True),
    }
    ws.save_dataset("shop", pd.DataFrame(event), pd.DataFrame({"item_id": ["x"], "domain": ["tea"]}), {})
    command = [sys.executable, "-c", SUBMITTER, str(ws.root)]
    apps = [subprocess.Popen([*command, name], stdout=subprocess.PIPE, text=True) for name in ("a", "b")]
    told = [[int(number) for number in app.communicate(timeout=120)[0].split()] for app in apps]
    assert [app.returncode for app in apps] == [0, 0]
    assert len({*told[0], *told[1]}) == 2 * N
    jobs = Ledger(ws).jobs()
    assert {job.status for job in jobs} == {Status.FINISHED}
    assert {name: sorted(job.id for job in jobs if job.title == name) for name in "ab"} == dict(
        zip("ab", told, strict=True)
    )
    runs = [job.result["run"] for job in jobs if job.result["run"]]
    assert sorted(runs) == sorted(f"run-{number}" for number in range(1, len(runs) + 1))
    for job in jobs:
        assert list(Ledger(ws).events(job.id, kind="log")["message"]) == [job.title]


def test_only_one_of_two_claims_a_job(ws):
    job = Ledger(ws).submit("count", {}, "Count")
    code = (
        "import sys; from recsys_core.jobs.processes import process_id\n"
        "from recsys_core.jobs.record import JobRecord\n"
        "from recsys_core.jobs.place import open_place\nfrom pathlib import Path\n"
        f"record = JobRecord(open_place(Path({str(ws.root)!r})), {job.id})\n"
        "me = process_id(); record.attach(me); print(record.claim(me))"
    )
    apps = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    assert sorted(app.communicate(timeout=60)[0].strip() for app in apps) == ["False", "False", "True"]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_job_goes_on_while_the_server_is_restarted(ws, postgres):
    ledger = Ledger(ws)
    job = submit_local(ws, "count", {"file": "a", "to": 20, "pause": 0.1})
    until(ledger, job.id, Status.RUNNING)
    postgres.stop()
    postgres.start()
    assert until(ledger, job.id, Status.FINISHED).result["counted"] == 20
    assert JobRecord(ws, job.id).attach(process_id()) is False


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_job_begins_while_the_server_is_restarted(ws, postgres):
    postgres.stop()
    again = threading.Timer(0.5, postgres.start)
    again.start()
    assert opened(ws.root).runs() == []
    again.join()
