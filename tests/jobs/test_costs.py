"""What a job needs is told by the size of its dataset or files, before it begins."""

from pathlib import Path

import pandas as pd
import pytest

from recsys_core.errors import NotFoundError, ResourceError
from recsys_core.jobs.costs import COSTS, needs_of, tell_needs
from recsys_core.jobs.foreground import run_here
from recsys_core.jobs.job import Status
from recsys_core.jobs.kinds import KINDS
from recsys_core.jobs.ledger import Ledger
from recsys_core.needs import Needs
from recsys_core.progress import Silent
from recsys_core.workspace.requests import ImportRequest
from recsys_core.workspace.workspace import Workspace

ITEMS = pd.DataFrame({"item_id": ["a"], "domain": ["books"], "title": ["A"], "text": ["A"]})


class Told(Silent):
    def __init__(self) -> None:
        self.lines: list[str] = []

    def log(self, message: str) -> None:
        self.lines.append(message)


def shop(ws: Workspace, n_users: int) -> None:
    users = [f"u{n}" for n in range(n_users)]
    log = pd.DataFrame({"user_id": users, "item_id": "a", "domain": "books"})
    log["timestamp"] = pd.to_datetime(range(n_users), unit="s", utc=True)
    ws.save_dataset("shop", log, ITEMS, {})


def needed(ws: Workspace, kind: str, **params: object) -> Needs:
    found = needs_of(ws, kind, {"dataset": "shop", **params})
    assert found is not None
    return found


@pytest.mark.parametrize("kind", COSTS)
def test_more_of_anything_needs_more_but_no_more_than_in_proportion(kind: str) -> None:
    for rate in (COSTS[kind].memory, COSTS[kind].seconds):
        few, many = rate.of(10**6, 10**5, 10**4), rate.of(10**8, 10**7, 10**6)
        assert few < many <= 100 * few


def test_every_version_has_needs_of_its_own_and_seeds_multiply_time(ws: Workspace) -> None:
    shop(ws, 20)
    shop(ws, 4000)
    first, newest = needed(ws, "evaluate", version=1), needed(ws, "evaluate", seeds=3)
    assert first.size == "20 events, 20 users and 1 items"
    assert newest.seconds == 3 * needed(ws, "evaluate").seconds
    assert newest.memory > first.memory
    with pytest.raises(NotFoundError):
        needs_of(ws, "migrate", {"dataset": "gone"})


def test_an_import_goes_by_its_files_and_packed_ones_hold_more(ws: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    for name in ("log.csv", "log.csv.gz"):
        (folder / name).write_bytes(b"x" * 45_000)
    sizes = {
        where: needs_of(ws, "import", ImportRequest.of("d", (where,)).as_params())
        for where in (folder / "log.csv", folder / "log.csv.gz", folder, tmp_path / "gone.csv")
    }
    told = [found.size for found in sizes.values() if found]
    assert told == ["some 1,000 rows", "some 4,000 rows", "some 5,000 rows", "some 0 rows"]


def test_other_kinds_tell_nothing(ws: Workspace) -> None:
    assert {*COSTS, "import"} < {*KINDS}
    assert needs_of(ws, "demo", {}) is None
    assert needs_of(ws, "finetune", {"dataset": "shop"}) is None


def test_little_is_not_told_and_much_is(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    shop(ws, 20)
    told = Told()
    tell_needs(ws, "interests", {"dataset": "shop"}, told)
    assert told.lines == []
    monkeypatch.setattr("recsys_core.needs.LONG_SECONDS", 1.0)
    tell_needs(ws, "interests", {"dataset": "shop"}, told)
    assert told.lines[0].startswith("Finding interests takes up to")


def test_a_job_that_does_not_fit_fails_before_it_begins(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Memory:
        available = 1_000_000

    shop(ws, 20)
    monkeypatch.setattr("recsys_core.needs.psutil.virtual_memory", Memory)
    with pytest.raises(ResourceError, match="Measuring migration would take about"):
        run_here(ws, "migrate", {"dataset": "shop"}, Silent())
    job = Ledger(ws).job(1)
    assert (job.status, job.stage) == (Status.FAILED, "")
    assert "use a larger machine, a Ray cluster" in f"{job.error} {job.remedy}"
