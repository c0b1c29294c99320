import os
import signal
import time
from pathlib import Path

import pandas as pd
import psutil
import pytest

from recsys_core.jobs.job import Job, Status
from recsys_core.jobs.ledger import Ledger
from recsys_core.jobs.local import submit_local
from recsys_core.training import metric_names as names
from recsys_core.workspace.workspace import Workspace
from tests.encoder.tiny import tiny_model
from tests.jobs.waiting import until

ADJECTIVES = ("green", "old", "tall", "quiet", "round", "sweet", "heavy", "blue", "plain", "wild")
NOUNS = ("tea", "lamp", "chair", "novel", "radio", "jam", "boots", "kettle", "garden", "song")
LIMIT = 300.0


def library(root: Path, n_texts: int = 100, n_users: int = 60) -> Workspace:
    """Readers of books and films, each of which has a text of its own."""
    ws = Workspace.open(root)
    rows, texts = [], {}
    for row in range(n_texts):
        title = f"{ADJECTIVES[row % 10]} {NOUNS[row // 10 % 10]} {row}"
        texts[f"i{row}"] = (("books", "films")[row % 2], title, f"the {title}, " * (1 + row % 5))
    for user in range(n_users):
        for step in range(10):
            item = f"i{(user * 7 + step * 13) % n_texts}"
            rows.append((f"u{user}", item, texts[item][0], f"2024-01-{step + 1:02}", "view", 1.0))
    log = pd.DataFrame(rows, columns=["user_id", "item_id", "domain", "timestamp", "event", "weight"])
    log = log.assign(timestamp=pd.to_datetime(log["timestamp"], utc=True), weight=log["weight"].astype("f4"))
    items = pd.DataFrame(
        [(item, *said) for item, said in texts.items()], columns=["item_id", "domain", "title", "text"]
    )
    ws.save_dataset("library", log, items, {})
    return ws


def until_taught(ledger: Ledger, job_id: int) -> Job:
    """Wait until the encoder learns in the second epoch."""
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        job = ledger.job(job_id)
        assert not job.ended, job
        if job.message.startswith("epoch 2 ") and "taught" in job.message:
            return job
        time.sleep(0.02)
    raise AssertionError(job)


def measured(job: Job) -> dict[str, object]:
    """The metrics of the run that a job made, without how long it took."""
    return {name: value for name, value in job.result["metrics"].items() if name != "seconds"}


@pytest.fixture(autouse=True)
def cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRIFTMAP_DEVICE", "cpu")


@pytest.mark.timeout(900)
def test_a_fine_tune_cancelled_then_killed_ends_as_an_unbroken_one(tmp_path: Path) -> None:
    params = {"dataset": "library", "mode": "full", "epochs": 3, "seed": 1}
    ws = library(tmp_path / "broken")
    ledger = Ledger(ws)
    job = submit_local(ws, "finetune", params)
    until_taught(ledger, job.id)
    asked = time.monotonic()
    ledger.request_cancel(job.id)
    until(ledger, job.id, Status.CANCELLED)
    assert time.monotonic() - asked < 5

    ledger.resume(job.id)
    until_taught(ledger, job.id)
    (task,) = psutil.Process(ledger.job(job.id).pid).children()
    os.kill(task.pid, signal.SIGKILL)
    failed = until(ledger, job.id, Status.FAILED)
    assert failed.remedy == "Close other programs or use fewer items, then resume the job."
    assert list(ws.runs("library")[0].folder.glob("checkpoint*")) != []

    ledger.resume(job.id)
    resumed = until(ledger, job.id, Status.FINISHED, seconds=LIMIT)
    other = library(tmp_path / "unbroken")
    unbroken = until(
        Ledger(other), submit_local(other, "finetune", params).id, Status.FINISHED, seconds=LIMIT
    )
    assert measured(resumed) == measured(unbroken)
    weights = [w.runs("library")[0].folder / "interest_model.safetensors" for w in (ws, other)]
    assert weights[0].read_bytes() == weights[1].read_bytes()
    assert [r.status for r in ws.runs("library")] == ["finished"]
    assert list(ws.runs("library")[0].folder.rglob("*checkpoint*")) == []

    told = ledger.events(job.id, kind="metric")
    assert {names.UNITS, names.SCORE, names.EPOCH_LOSS, names.LOSS, names.RATE} <= set(told["name"])
    assert {names.USERS, names.ITEMS, names.TOKENS, names.MEMORY, names.LEFT} <= set(told["name"])
    assert told.loc[told["name"] == names.MEMORY, "value"].between(100, 20_000).all()


@pytest.mark.timeout(900)
def test_processes_that_train_together_end_together_and_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRIFTMAP_PROCESSES", "2")
    ws = library(tmp_path)
    ledger = Ledger(ws)
    job = submit_local(ws, "finetune", {"dataset": "library", "mode": "full", "epochs": 3})
    until_taught(ledger, job.id)
    task, helper = psutil.Process(ledger.job(job.id).pid).children(recursive=True)
    helper.kill()
    failed = until(ledger, job.id, Status.FAILED)
    assert failed.remedy == "Close other programs or use fewer items, then resume the job."
    assert not task.is_running()

    ledger.resume(job.id)
    finished = until(ledger, job.id, Status.FINISHED, seconds=LIMIT)
    told = ledger.events(job.id, kind="log")["message"].tolist()
    assert told.count("2 processes train together.") == 2
    assert any(line.startswith("Going on after epoch") for line in told)
    (run,) = ws.runs("library")
    assert (run.status, run.id) == ("finished", finished.result["run"])


@pytest.mark.timeout(900)
def test_processes_help_with_every_mode_that_is_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRIFTMAP_PROCESSES", "2")
    ws = library(tmp_path / "ws")
    params = {"dataset": "library", "encoder": str(tiny_model(tmp_path / "tiny", "bert")), "epochs": 1}
    job = submit_local(ws, "finetune", params)
    finished = until(Ledger(ws), job.id, Status.FINISHED, seconds=LIMIT)
    told = Ledger(ws).events(job.id, kind="log")["message"].tolist()
    assert told.count("2 processes train together.") == 3
    assert [run.options["mode"] for run in reversed(ws.runs("library"))] == ["head", "full", "lora"]
    assert [run.id for run in ws.runs("library") if run.in_use] == [finished.result["run"]]
