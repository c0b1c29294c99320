import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from recsys_core.jobs import trial
from recsys_core.jobs.ledger import Ledger
from recsys_core.jobs.trial import Trial, find_trial
from recsys_core.workspace.workspace import Workspace
from tests.encoder.tiny import tiny_model
from tests.jobs.test_finetune_job import library


def until_tried(ws: Workspace, params: dict[str, object]) -> Trial:
    end = time.monotonic() + 90
    while time.monotonic() < end:
        found = find_trial(ws, params)
        if found.measured or found.error:
            return found
        time.sleep(0.2)
    raise AssertionError("The trial never ended.")


@pytest.mark.parametrize("mode", ["head", "full"])
def test_a_trial_measures_and_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str) -> None:
    monkeypatch.setenv("DRIFTMAP_DEVICE", "cpu")
    ws = library(tmp_path / "ws", n_texts=80)
    params = {"dataset": "library", "version": 1, "mode": mode, "encoder": None, "epochs": 3}
    assert find_trial(ws, params, begin=False) == Trial()
    assert find_trial(ws, params) == Trial()
    measured = until_tried(ws, params).measured
    assert measured is not None
    assert measured.seconds_of(1, 1) > 0
    assert measured.read_speed > 10
    assert (measured.teach_speed > 1) == (mode == "full")
    assert (measured.kept_mb > 80) == (mode == "full")
    assert 200 < measured.memory_mb < 10_000
    assert find_trial(ws, {**params, "epochs": 30}).measured == measured
    assert Ledger(ws).jobs() == []
    assert ws.runs("library") == []
    assert [path.suffix for path in (ws.root / "jobs" / "trials").iterdir()] == [".json"]


def test_a_trial_with_pre_training_serves_any_number_of_passes(tmp_path: Path) -> None:
    ws, tiny = library(tmp_path / "ws"), str(tiny_model(tmp_path / "tiny", "bert"))
    params = {"dataset": "library", "version": 1, "mode": "head", "encoder": tiny, "pretrain": 2}
    trial.main(["--workspace", str(ws.root), "--params", json.dumps(params)])
    measured = find_trial(ws, params, begin=False).measured
    assert measured is not None
    assert measured.pass_seconds > 0
    assert find_trial(ws, {**params, "pretrain": 5}, begin=False).measured == measured
    assert find_trial(ws, {**params, "pretrain": 0}, begin=False) == Trial()


def test_a_trial_that_fails_says_why(tmp_path: Path) -> None:
    ws = library(tmp_path / "ws", n_texts=20)
    params = {"dataset": "library", "version": 1, "mode": "head", "encoder": str(tmp_path)}
    assert until_tried(ws, params).error != ""


def test_asking_for_a_trial_loads_nothing_heavy() -> None:
    code = "import recsys_core.jobs.trial, sys; print({'pandas', 'torch', 'duckdb'} & set(sys.modules))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "set()"
