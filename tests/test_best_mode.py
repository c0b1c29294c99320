"""The mode chosen by the held-out users within a given time, with a tiny encoder and real training."""

from dataclasses import replace
from pathlib import Path

import pytest

from recsys_core import pipeline
from recsys_core.errors import CancelledError, InputError, ResourceError
from recsys_core.modes import FinetuneOptions, best_mode
from recsys_core.progress import Progress, Silent
from recsys_core.workspace.records import RunInfo
from recsys_core.workspace.workspace import Workspace
from tests.encoder.tiny import tiny_model
from tests.jobs.test_finetune_job import library


@pytest.fixture(autouse=True)
def cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRIFTMAP_DEVICE", "cpu")


@pytest.fixture(scope="module")
def options(tmp_path_factory: pytest.TempPathFactory) -> FinetuneOptions:
    tiny = tiny_model(tmp_path_factory.mktemp("tiny"), "bert")
    return FinetuneOptions(encoder=str(tiny), epochs=1, seed=3)


class Told(Silent):
    """Remembers the log; cancels once it has said something."""

    def __init__(self, cancel_after: str = "never") -> None:
        self.lines: list[str] = []
        self.cancel_after = cancel_after

    def log(self, message: str) -> None:
        self.lines.append(message)

    def check_cancelled(self) -> None:
        if any(line.startswith(self.cancel_after) for line in self.lines):
            raise CancelledError("Stopped.")


def modes(ws: Workspace) -> list[str]:
    """Of all runs, the oldest first."""
    return [str(run.options["mode"]) for run in reversed(ws.runs("library"))]


def test_each_mode_becomes_a_run_and_the_best_of_them_is_in_use(
    tmp_path: Path, options: FinetuneOptions
) -> None:
    ws, told = library(tmp_path), Told()
    best = pipeline.finetune(ws, "library", options, told)
    assert modes(ws) == ["head", "full", "lora"]
    scores = {run.id: run.metrics["validation_ndcg@10"] for run in ws.runs("library")}
    assert scores[best.id] == max(scores.values())
    assert [run.id for run in ws.runs("library") if run.in_use] == [best.id]
    assert told.lines[-1].endswith(f"In use from now on: {best.options['mode']}.")
    assert "minutes" not in best.options


def test_a_mode_that_may_take_too_long_is_left_out_and_named(
    tmp_path: Path, options: FinetuneOptions
) -> None:
    ws, told = library(tmp_path), Told()
    best = pipeline.finetune(ws, "library", replace(options, minutes=1e-3), told)
    assert modes(ws) == ["head"]
    assert best.options["mode"] == "head"
    assert sum("Not tried: full." in line or "Not tried: lora." in line for line in told.lines) == 2


def test_after_an_interruption_no_mode_is_trained_twice(tmp_path: Path, options: FinetuneOptions) -> None:
    ws = library(tmp_path)
    with pytest.raises(CancelledError):
        pipeline.finetune(ws, "library", options, Told(cancel_after="Training run-2"))
    pipeline.finetune(ws, "library", options)
    finished = [run for run in ws.runs("library") if run.status == "finished"]
    assert sorted(run.options["mode"] for run in finished) == ["full", "head", "lora"]


def test_a_slower_mode_that_fails_leaves_the_quicker_one(tmp_path: Path, options: FinetuneOptions) -> None:
    ws, told = library(tmp_path), Told()

    def short_of_memory(ws: Workspace, dataset: str, options: FinetuneOptions, progress: Progress) -> RunInfo:
        if options.mode == "full":
            raise ResourceError("Memory ran out.")
        return pipeline.finetune(ws, dataset, options, progress)

    best = best_mode(ws, "library", options, short_of_memory, told)
    assert best.options["mode"] in ("head", "lora")
    assert any(line.startswith("full failed: Memory ran out.") for line in told.lines)


def test_no_time_at_all_is_refused() -> None:
    with pytest.raises(InputError, match="0 minutes"):
        FinetuneOptions(minutes=0)
