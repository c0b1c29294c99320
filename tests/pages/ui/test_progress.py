import pytest

from pages.ui.progress import duration, queue_words, time_left
from recsys_core.jobs.ledger import Ledger
from recsys_core.workspace.workspace import Workspace
from tests.pages.conftest import begin


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "1 second"),
        (20, "20 seconds"),
        (59.7, "about 1 minute"),
        (90, "about 2 minutes"),
        (7200, "about 2.0 hours"),
    ],
)
def test_durations_read_well(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_the_time_left_follows_the_pace_of_the_stage(ws: Workspace) -> None:
    job = Ledger(ws).submit("import", {}, "Import", "shop")
    record = begin(ws, job.id)
    assert time_left(ws, Ledger(ws).job(job.id)) is None
    import time

    began = {"at": time.time() - 30, "kind": "progress", "name": "Reading", "message": ""}
    record.write({"stage": "Reading", "done": 1.0, "total": 4.0}, [began])

    assert time_left(ws, Ledger(ws).job(job.id)) == pytest.approx(90, abs=6)


def test_a_waiting_job_knows_its_place(ws: Workspace) -> None:
    running = Ledger(ws).submit("finetune", {}, "Fine-tune on shop", "shop", device="cuda:0")
    assert queue_words(1, running, 95.0) == (
        "Next in line for cuda:0: one job runs at a time, now *Fine-tune on shop* "
        "(at most about 2 minutes left)."
    )
    assert queue_words(3, running, None).startswith("Number 3 in line for cuda:0: ")


def test_a_training_says_itself_how_long_it_takes(ws: Workspace) -> None:
    job = Ledger(ws).submit("finetune", {}, "Fine-tune", "shop")
    record = begin(ws, job.id)
    told = {"at": 1.0, "kind": "metric", "name": "seconds left", "step": 7, "value": 321.0, "message": ""}
    record.write({"stage": "Fine-tuning", "done": 1.0, "total": 4.0}, [told])
    assert time_left(ws, Ledger(ws).job(job.id)) == 321.0
