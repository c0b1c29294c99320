"""Two apps on one workspace, started at once: what the machine's end left behind is put right once."""

import time
from pathlib import Path

import pytest
from sqlalchemy import update

from recsys_core.jobs.job import Status
from recsys_core.jobs.kinds import plain
from recsys_core.jobs.ledger import Ledger
from recsys_core.jobs.processes import ProcessId, process_id
from recsys_core.jobs.record import JobRecord
from recsys_core.jobs.tables import JOBS
from recsys_core.workspace.database import writing
from recsys_core.workspace.requests import ImportRequest
from recsys_core.workspace.workspace import Workspace
from tests.browser.server import Server
from tests.jobs.waiting import until


def test_two_apps_share_a_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRIFTMAP_DEVICE", "cpu")
    rows = "".join(f"u{n % 40},i{n % 17},2013-06-{1 + n % 28:02}\n" for n in range(400))
    (tmp_path / "log.csv").write_text(f"user,item,time\n{rows}")
    ws = Workspace.open(tmp_path / "ws")
    ledger, me = Ledger(ws), process_id()
    gone = ProcessId(2**22 - 1, me.started, me.host)
    lost = ledger.submit("interests", {"dataset": "shop"}, "Find the interests of shop", "shop")
    JobRecord(ws, lost.id).attach(gone)
    JobRecord(ws, lost.id).claim(gone)
    params = plain(ImportRequest.of("shop", (tmp_path / "log.csv",)).as_params())
    waiting = ledger.submit("import", params, "Import shop", "shop")
    with writing(ws.engine) as session:  # so long ago that its worker cannot still be starting
        session.execute(update(JOBS).where(JOBS.c.id == waiting.id).values(queued=time.time() - 600))
    servers = [Server(tmp_path / "ws"), Server(tmp_path / "ws")]
    try:
        for server in servers:
            server.start(timeout=120)
        until(ledger, waiting.id, Status.FINISHED, seconds=120)
    finally:
        for server in servers:
            server.kill()
    assert ledger.job(lost.id).status is Status.LOST
    assert list(ledger.events(lost.id, kind="state")["name"]) == ["queued", "running", "lost"]
    assert list(ledger.events(waiting.id, kind="state")["name"]) == ["queued", "running", "finished"]
    assert [info.version for info in ws.versions("shop")] == [1]
