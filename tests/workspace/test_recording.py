import pandas as pd
import pytest

from recsys_core.errors import CancelledError, NotEnoughDataError
from recsys_core.progress import Progress, Silent
from recsys_core.training.checkpoint import discard
from recsys_core.workspace.curve import read_curve
from recsys_core.workspace.recording import open_run, recorded, run_cut_off
from recsys_core.workspace.records import RunInfo
from recsys_core.workspace.workspace import Workspace


class Ear(Silent):
    def __init__(self) -> None:
        self.lines: list[str] = []

    def log(self, message: str) -> None:
        self.lines.append(message)


def fail_after_an_epoch(progress: Progress) -> None:
    progress.metric("training loss", 1, 2.0)
    raise NotEnoughDataError("Too few users.", "Import more.")


@pytest.fixture
def run(ws: Workspace, log: pd.DataFrame, items: pd.DataFrame) -> RunInfo:
    ws.save_dataset("shop", log, items, {})
    return ws.new_run("shop", 1, {})


def test_the_log_names_the_run(ws: Workspace, run: RunInfo) -> None:
    ear = Ear()
    with recorded(ws, run, ear):
        pass
    assert ear.lines == ["Training run-1"]


def test_a_failure_keeps_its_reason_its_remedy_and_its_curve(ws: Workspace, run: RunInfo) -> None:
    with pytest.raises(NotEnoughDataError), recorded(ws, run, Silent()) as making:
        fail_after_an_epoch(making.progress)

    failed = ws.run(run.id)
    assert failed.status == "failed"
    assert (failed.metrics["error"], failed.metrics["remedy"]) == ("Too few users.", "Import more.")
    assert failed.metrics["seconds"] >= 0
    assert read_curve(run.folder)["training loss"].tolist() == [2.0]


def test_time_spent_before_an_interruption_counts(ws: Workspace, run: RunInfo) -> None:
    with pytest.raises(CancelledError), recorded(ws, run, Silent()):
        raise CancelledError("Stopped.")
    ws.finish_run(run.id, {"seconds": 100.0, "error": "x"}, "cancelled")

    again = ws.reopen_run(run.id)

    assert (again.status, again.finished, again.metrics) == ("running", None, {"seconds": 100.0})
    with recorded(ws, again, Silent()) as making:
        assert making.made()["seconds"] >= 100.0


def test_what_a_killed_process_left_half_written_goes(ws: Workspace, run: RunInfo) -> None:
    for name in (".tmpAb12Cd", "checkpoint.safetensors.writing", ".writing-0a-model.json", "model.json"):
        (run.folder / name).write_bytes(b"")
    with recorded(ws, run, Silent()):
        assert [path.name for path in run.folder.iterdir()] == ["model.json"]


def test_a_run_that_a_kill_cut_off_when_it_was_finished_is_found_by_its_checkpoint(
    ws: Workspace, run: RunInfo
) -> None:
    data, options = ws.load_dataset("shop"), {"mode": "head"}
    made = open_run(ws, data, options)
    (made.folder / "checkpoint.safetensors").touch()
    assert run_cut_off(ws, data, options) is None
    ws.finish_run(made.id, {})
    found = run_cut_off(ws, data, options)
    assert found is not None
    assert found.id == made.id != run.id
    assert run_cut_off(ws, data, {"mode": "full"}) is None
    discard(made.folder)
    assert run_cut_off(ws, data, options) is None
