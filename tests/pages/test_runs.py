from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.places import FINETUNE, JOBS, RUNS
from recsys_core import pipeline
from recsys_core.jobs.failures import Failure
from recsys_core.jobs.ledger import Ledger
from recsys_core.pipeline import FinetuneOptions
from recsys_core.workspace.curve import read_curve
from recsys_core.workspace.forgetting import forget
from recsys_core.workspace.recording import log_line
from recsys_core.workspace.records import RunInfo
from recsys_core.workspace.workspace import Workspace
from tests.pages.conftest import begin

Open = Callable[..., AppTest]
Text = Callable[[AppTest], str]


def finished(ws: Workspace, mean: float, **options: object) -> RunInfo:
    metrics = {
        "validation_ndcg@10": mean,
        "validation_low": mean - 0.01,
        "validation_high": mean + 0.01,
        "validation_users": 1204,
    }
    return ws.finish_run(ws.new_run("shop", 1, options).id, metrics)


@pytest.mark.usefixtures("shop")
def test_without_runs_it_leads_to_the_fine_tune(open_page: Open, text_of: Text) -> None:
    assert "*shop* has none yet." in text_of(open_page(RUNS))


@pytest.mark.usefixtures("shop")
def test_the_best_run_is_told_from_the_next(ws: Workspace, open_page: Open, text_of: Text) -> None:
    finished(ws, 0.05, mode="head", seed=0)
    finished(ws, 0.08, mode="full", seed=0)

    assert (
        "*run 2* is clearly better than *run 1*, which differs in mode (full / quick): +0.030 ± 0.014."
        in text_of(open_page(RUNS))
    )


@pytest.mark.usefixtures("shop")
def test_numbers_are_readable(ws: Workspace, open_page: Open) -> None:
    finished(ws, 0.05, mode="head", seed=3, epochs=7)

    row = open_page(RUNS).dataframe[0].value.iloc[0]

    assert row[
        ["Model", "In use", "Score", "Held-out users", "Learns", "Epochs at most", "Seed"]
    ].tolist() == [
        "run 1",
        "yes",
        "0.050 (0.040 to 0.060)",
        "1,204",
        "Quick",
        "7",
        "3",
    ]


@pytest.mark.usefixtures("shop")
def test_another_run_can_be_put_in_use(ws: Workspace, open_page: Open) -> None:
    first, second = finished(ws, 0.05), finished(ws, 0.04)
    at = open_page(RUNS)
    assert ws.run_in_use("shop", 1) == ws.run(second.id)

    at.main.selectbox(key="run-to-change").select(first.id).run()
    at.button(key="use-run").click().run()

    assert ws.run(first.id).in_use
    assert at.sidebar.selectbox(key="run").value == first.id


@pytest.mark.usefixtures("shop")
def test_deleting_asks_and_names_what_goes(ws: Workspace, open_page: Open, text_of: Text) -> None:
    finished(ws, 0.05)
    at = open_page(RUNS)

    at.button(key="delete-run").click().run()
    assert len(ws.runs("shop")) == 1
    assert "*run 1* goes with its weights" in text_of(at)
    at.button(key="confirm-delete-run").click().run()

    assert ws.runs("shop") == []


@pytest.mark.usefixtures("shop")
def test_renaming(ws: Workspace, open_page: Open) -> None:
    run = finished(ws, 0.05)
    at = open_page(RUNS)

    at.button(key="rename-run").click().run()
    at.text_input(key="run-name").set_value("spring")
    at.button(key="save-run-name").click().run()

    assert ws.run(run.id).name == "spring"


@pytest.mark.usefixtures("shop")
def test_what_somebody_else_changed_meanwhile_is_told_and_stays(ws: Workspace, open_page: Open) -> None:
    first, second, third = (finished(ws, score) for score in (0.05, 0.06, 0.07))
    at = open_page(RUNS)
    at.selectbox(key="run-to-change").select(first.id).run()
    ws.choose_run(second.id)

    at.button(key="use-run").click().run()

    (toast,) = at.toast
    assert toast.value.startswith("The model 'run 2' is in use now, changed by owner of this machine on")
    assert ws.run(second.id).in_use
    at.button(key="rename-run").click().run()
    at.text_input(key="run-name").set_value("spring")
    ws.rename_run(first.id, "summer")
    at.button(key="save-run-name").click().run()
    assert ws.run(first.id).name == "summer"
    assert ws.run(third.id).name == "run 3"


@pytest.mark.usefixtures("shop")
def test_a_run_whose_data_lost_a_person_is_stale(ws: Workspace, open_page: Open, text_of: Text) -> None:
    finished(ws, 0.05)
    forget(ws, "shop", "u07")

    at = open_page(RUNS)

    row = at.dataframe[0].value.iloc[0]
    assert row[["In use", "Status"]].tolist() == ["", "stale: a person was removed from its data"]
    assert "A model is stale when a person was removed" in text_of(at)
    assert "No model with a score on this version of the data yet." in text_of(at)
    use = at.button(key="use-run")
    assert (use.disabled, use.help) == (
        True,
        "It is stale: a person was removed from its data. Fine-tune again.",
    )
    assert [box.label for box in at.sidebar.selectbox] == ["Dataset"]


@pytest.mark.usefixtures("shop")
def test_what_an_old_run_has_not_recorded_is_blank(ws: Workspace, open_page: Open, text_of: Text) -> None:
    finished(ws, 0.05)
    finished(ws, 0.06)

    at = open_page(RUNS)

    row = at.dataframe[0].value.iloc[0]
    assert row[["Took", "Device", "Hit@10", "Language model"]].tolist() == ["", "", "", "all-MiniLM-L6-v2"]
    assert "No curve is kept for *run 2* and *run 1*." in text_of(at)


@pytest.mark.usefixtures("shop")
def test_a_run_in_its_first_epoch_has_its_curve_before_it(
    ws: Workspace, open_page: Open, text_of: Text
) -> None:
    finished(ws, 0.05)
    ws.new_run("shop", 1, {})
    at = open_page(RUNS)
    at.multiselect[0].set_value(at.multiselect[0].options).run()
    assert "A curve begins with the end of the first epoch: *run 2*." in text_of(at)
    assert "No curve is kept for *run 1*." in text_of(at)


@pytest.mark.usefixtures("shop")
def test_two_real_runs_are_compared_over_the_same_users(
    ws: Workspace, open_page: Open, text_of: Text
) -> None:
    for epochs in (1, 3):
        pipeline.finetune(ws, "shop", FinetuneOptions(mode="head", epochs=epochs))

    at = open_page(RUNS, compare="run-1,run-2")
    _, scores, _, measures, settings = (table.value for table in at.dataframe)

    assert at.multiselect(key="runs-compared").value == ["run-1", "run-2"]
    assert "In what *run 1* and *run 2* differ" in text_of(at)
    assert "Judged on the same" in text_of(at)
    assert settings.to_numpy().tolist() == [["Epochs at most", "1", "3"]]
    assert " to " in measures["Difference"][0]
    kept = read_curve(ws.run("run-2").folder)["validation NDCG@10"]
    assert scores["run 2"].tolist() == kept.tolist()
    assert at.query_params["compare"] == "run-1,run-2"


@pytest.mark.usefixtures("shop")
def test_of_three_runs_two_are_picked_for_the_difference(
    ws: Workspace, open_page: Open, text_of: Text
) -> None:
    for seed, mean in enumerate((0.05, 0.06, 0.07)):
        finished(ws, mean, mode="head", seed=seed)
    at = open_page(RUNS, compare="run-1,run-2,run-3")
    assert "In what *run 1* and *run 2* differ" in text_of(at)

    at.main.selectbox(key="compare-other").select("run-3").run()

    assert "In what *run 1* and *run 3* differ" in text_of(at)
    assert "The scores differ by -0.020, but they were judged on different users" in text_of(at)


@pytest.mark.usefixtures("shop")
def test_what_is_compared_survives_a_look_elsewhere(ws: Workspace, open_page: Open) -> None:
    for mean in (0.05, 0.06, 0.07):
        finished(ws, mean)
    at = open_page(RUNS)
    assert at.multiselect(key="runs-compared").value == ["run-3", "run-2"]
    at.multiselect(key="runs-compared").set_value(["run-1"]).run()

    at.switch_page(FINETUNE.path).run()
    at.switch_page(RUNS.path).run()

    assert at.multiselect(key="runs-compared").value == ["run-1"]


@pytest.mark.usefixtures("shop")
def test_start_again_fills_in_the_form_with_the_settings_of_a_run(ws: Workspace, open_page: Open) -> None:
    finished(ws, 0.05, mode="lora", epochs=7, seed=3, encoder="/models/tiny", pretrain=2)
    at = open_page(RUNS)

    at.button(key="again-run").click().run()

    assert at.title[0].value == "Fine-tune"
    assert at.radio(key="finetune-mode").value == "lora"
    assert at.number_input(key="finetune-epochs").value == 7
    assert at.number_input(key="finetune-seed").value == 3
    assert at.number_input(key="finetune-pretrain").value == 2
    assert at.text_input(key="finetune-encoder").value == "/models/tiny"


@pytest.mark.usefixtures("shop")
def test_a_failed_run_says_why_and_what_to_do_and_shows_its_log(
    ws: Workspace, open_page: Open, text_of: Text
) -> None:
    run = ws.new_run("shop", 1, {})
    job = Ledger(ws).submit("finetune", {"dataset": "shop"}, "Fine-tune on shop", "shop")
    record = begin(ws, job.id)
    record.write({}, [{"at": 1.0, "kind": "log", "name": "", "message": log_line(run.id)}])
    ws.finish_run(run.id, {"error": "The disk is full.", "seconds": 20.0}, "failed")
    record.fail(Failure("The disk is full.", "Free some space, then resume the job."))

    at = open_page(RUNS)

    assert "**run 1** failed after 20 seconds" in text_of(at)
    assert at.error[0].value == "The disk is full. Free some space, then resume the job."
    assert "Training run-1" in at.code[0].value
    assert "1 run has come to nothing" in text_of(at)


@pytest.mark.usefixtures("shop")
def test_a_run_whose_process_is_gone_can_be_deleted(ws: Workspace, open_page: Open) -> None:
    ws.new_run("shop", 1, {})

    at = open_page(RUNS)

    assert at.dataframe[0].value["Status"].tolist() == ["interrupted"]
    assert not at.button(key="delete-run").disabled


@pytest.mark.usefixtures("shop")
def test_a_link_to_a_job_opens_it(ws: Workspace, open_page: Open, text_of: Text) -> None:
    for title in ("First", "Second"):
        job = Ledger(ws).submit("finetune", {"dataset": "shop"}, title, "shop")
        begin(ws, job.id).finish({})

    assert "#### First" in text_of(open_page(JOBS, job="1"))
