from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.places import RUNS
from recsys_core.workspace.forgetting import forget
from recsys_core.workspace.records import RunInfo
from recsys_core.workspace.workspace import Workspace

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

    assert row[["Model", "In use", "Score", "Test users", "Learns", "Epochs at most", "Seed"]].tolist() == [
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
