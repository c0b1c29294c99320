import json
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.places import COVERAGE, FINETUNE
from recsys_core.jobs import local, trial
from recsys_core.jobs.failures import Failure
from recsys_core.jobs.ledger import Ledger
from recsys_core.training.estimate import Measured
from recsys_core.workspace.feedback import VISITOR, keep_feedback, person_of
from recsys_core.workspace.workspace import Workspace
from tests.pages.conftest import begin

Open = Callable[..., AppTest]
Text = Callable[[AppTest], str]


@pytest.fixture
def no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """The job is queued for real, but nobody works on it."""
    monkeypatch.setattr(local, "start", lambda *_: None)
    monkeypatch.setattr(local, "reap", lambda *_: [])


@pytest.mark.usefixtures("shop")
def test_it_says_what_the_modes_are_and_what_it_will_cost(open_page: Open, text_of: Text) -> None:
    at = open_page(FINETUNE)

    assert at.radio(key="finetune-mode").options == [*("The best in a given time", "Quick", "Light", "Full")]
    assert at.number_input(key="finetune-minutes").value == 30
    assert "60 users, 9 items, 235 events." in text_of(at)
    assert "Trying a few steps on this machine" in text_of(at)


@pytest.mark.usefixtures("shop")
def test_the_estimate_follows_the_trial(
    open_page: Open, text_of: Text, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured = Measured((0.5,), 10, 0.0, 0, 1000.0, 0, 1.0, 800.0, 10.0, 20.0, "this processor")
    monkeypatch.setattr(trial, "_start", lambda place, params: write_trial(place, params, measured))
    at = open_page(FINETUNE)
    at.number_input(key="finetune-epochs").set_value(40).run()
    assert "**24 seconds to about 7 minutes**, 800 MB to 1.1 GB of memory" in text_of(at)
    assert "Tried on this processor: 1 step through users and one scoring." in text_of(at)


@pytest.mark.usefixtures("shop")
def test_reading_the_catalogue_first_counts_for_every_time(
    open_page: Open, text_of: Text, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured = Measured((0.5,), 10, 0.0, 0, 1000.0, 0, 1.0, 800.0, 10.0, 20.0, "this processor", 60.0)
    monkeypatch.setattr(trial, "_start", lambda place, params: write_trial(place, params, measured))
    at = open_page(FINETUNE)
    at.number_input(key="finetune-pretrain").set_value(1).run()
    assert "**About 1 to 3 minutes**" in text_of(at)
    assert "one scoring and reading the catalogue first, about 1 minute each time. The" in text_of(at)
    at.number_input(key="finetune-pretrain").set_value(10).run()
    assert "**About 8 to 18 minutes**" in text_of(at)


def write_trial(place: Workspace, params: dict[str, object], measured: Measured) -> None:
    """What a trial's process leaves."""
    trial._path(place, params).write_text(json.dumps(measured.to_json()))


@pytest.mark.usefixtures("no_worker")
@pytest.mark.usefixtures("shop")
def test_start_submits_what_was_chosen(ws: Workspace, open_page: Open) -> None:
    at = open_page(FINETUNE)

    at.radio(key="finetune-mode").set_value("lora")
    at.number_input(key="finetune-epochs").set_value(3)
    at.number_input(key="finetune-pretrain").set_value(2)
    at.button(key="finetune-start").click().run()

    (job,) = Ledger(ws).jobs()
    assert (job.kind, job.dataset) == ("finetune", "shop")
    assert job.params == {
        "dataset": "shop", "mode": "lora", "epochs": 3, "seed": 0, "version": 1, "pretrain": 2,
        "encoder": None,
    }  # fmt: skip
    assert at.button(key=f"cancel-{job.id}").label == "Cancel"


@pytest.mark.usefixtures("shop")
def test_a_half_filled_form_survives_a_look_elsewhere(open_page: Open) -> None:
    at = open_page(FINETUNE)
    at.number_input(key="finetune-epochs").set_value(30).run()

    at.switch_page(COVERAGE.path).run()
    at.switch_page(FINETUNE.path).run()

    assert at.number_input(key="finetune-epochs").value == 30


@pytest.mark.usefixtures("shop")
def test_the_last_fine_tune_shows_its_curves(ws: Workspace, open_page: Open, text_of: Text) -> None:
    job = Ledger(ws).submit("finetune", {"dataset": "shop"}, "Fine-tune on shop", "shop")
    record = begin(ws, job.id)
    point = {"at": 1.0, "kind": "metric", "name": "validation NDCG@10", "message": ""}
    record.write({}, [{**point, "step": 1, "value": 0.02}, {**point, "step": 2, "value": 0.031}])
    record.finish({"run": "run-1", "name": "run 1"})

    at = open_page(FINETUNE)

    assert "**2 epochs done**, best so far at 2 with a score of 0.031." in text_of(at)
    assert "It made the model *run 1*" in text_of(at)


@pytest.mark.usefixtures("shop")
def test_what_failed_last_keeps_its_log_and_says_what_to_do(
    ws: Workspace, open_page: Open, text_of: Text
) -> None:
    failed, cancelled = (Ledger(ws).submit("finetune", {"dataset": "shop"}, "Tune", "shop") for _ in range(2))
    Ledger(ws).request_cancel(cancelled.id)
    record = begin(ws, failed.id)
    record.write({}, [{"at": 1.0, "kind": "log", "name": "", "message": "Epoch 1: said."}])
    record.fail(Failure("The disk is full.", "Free 2 MB, then resume the job."))
    at = open_page(FINETUNE)
    assert "The disk is full. Free 2 MB, then resume the job." in text_of(at)
    assert "goes on after its last whole epoch" in text_of(at)
    assert "Epoch 1: said." in at.code[0].value
    assert at.button(key=f"resume-{failed.id}").label == "Resume"


@pytest.mark.usefixtures("shop")
def test_a_training_that_broke_off_says_why(ws: Workspace, open_page: Open, text_of: Text) -> None:
    job = Ledger(ws).submit("finetune", {"dataset": "shop"}, "Tune", "shop")
    stopped = "The training loss became nan in epoch 3. Training stopped there; the model is that of epoch 1."
    begin(ws, job.id).finish({"run": "run-1", "name": "run 1", "metrics": {"stopped": stopped}})
    assert stopped in text_of(open_page(FINETUNE))


@pytest.mark.usefixtures("no_worker")
@pytest.mark.usefixtures("shop")
def test_what_was_said_of_titles_is_learned_from_on_request(ws: Workspace, open_page: Open) -> None:
    keep_feedback(ws, "shop", f"{VISITOR}1", "kitchen", "k1", True)
    assert "finetune-feedback" not in [toggle.key for toggle in open_page(FINETUNE).toggle]
    for item, likes in (("k1", True), ("k2", True), ("k3", False)):
        keep_feedback(ws, "shop", person_of(ws, "shop", "u01"), "kitchen", item, likes)

    at = open_page(FINETUNE)
    learn = at.toggle(key="finetune-feedback")
    assert (learn.label, learn.value) == ("Learn from 2 likes and 1 dislike, too", False)
    learn.set_value(True)
    at.button(key="finetune-start").click().run()

    (job,) = Ledger(ws).jobs()
    assert job.params["with_feedback"] is True
