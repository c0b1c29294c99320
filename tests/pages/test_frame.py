from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.places import COVERAGE, HOME, SECTIONS
from recsys_core.workspace.workspace import Workspace
from tests.pages.conftest import FRAME, save_shop

Open = Callable[..., AppTest]


def test_every_page_is_one_folder_down_and_only_the_frame_lies_in_pages() -> None:
    placed = {place.path for places in SECTIONS.values() for place in places}
    there = {str(path.relative_to(FRAME.parent)) for path in FRAME.parent.glob("*/*.py")}

    assert {path.name for path in FRAME.parent.glob("*.py")} == {"__init__.py", "frame.py"}
    assert placed == {
        path for path in there if not path.startswith("ui/") and Path(path).name != "__init__.py"
    }


def test_addresses_are_unique() -> None:
    urls = [place.url for places in SECTIONS.values() for place in places]

    assert len(set(urls)) == len(urls) == 13


@pytest.mark.usefixtures("ws")
def test_without_data_there_are_no_pickers(open_page: Open) -> None:
    assert [box.label for box in open_page(HOME).sidebar.selectbox] == []


def test_the_newest_dataset_is_chosen_and_put_into_the_link(ws: Workspace, open_page: Open) -> None:
    save_shop(ws, "old")
    save_shop(ws, "new")

    at = open_page(HOME)

    assert at.sidebar.selectbox(key="dataset").value == "new"
    assert at.query_params["dataset"] == "new"


def test_a_link_opens_the_dataset_it_names(ws: Workspace, open_page: Open) -> None:
    save_shop(ws, "old")
    save_shop(ws, "new")

    at = open_page(COVERAGE, dataset="old")

    assert at.sidebar.selectbox(key="dataset").value == "old"


@pytest.mark.usefixtures("shop")
def test_a_link_to_a_dataset_that_is_gone_opens_the_newest(open_page: Open) -> None:
    at = open_page(HOME, dataset="gone", run="run-9")

    assert at.sidebar.selectbox(key="dataset").value == "shop"
    assert at.query_params == {"dataset": "shop"}


@pytest.mark.usefixtures("shop")
def test_the_choice_of_a_run_is_in_the_link(ws: Workspace, open_page: Open) -> None:
    first, second = (ws.finish_run(ws.new_run("shop", 1, {"seed": s}).id, {}).id for s in (1, 2))

    at = open_page(HOME)
    assert at.query_params["run"] == second
    at.sidebar.selectbox(key="run").select(first).run()

    assert at.query_params["run"] == first


@pytest.mark.usefixtures("shop")
def test_an_unfinished_run_is_not_offered(ws: Workspace, open_page: Open) -> None:
    ws.new_run("shop", 1, {})

    assert [box.label for box in open_page(HOME).sidebar.selectbox] == ["Dataset"]


def test_a_workspace_beside_this_one_can_be_picked(ws: Workspace, open_page: Open) -> None:
    save_shop(ws, "here")
    other = Workspace.open(ws.root.parent / "second")
    save_shop(other, "there")

    at = open_page(HOME)
    at.sidebar.selectbox(key="workspace").select("second").run()

    assert at.sidebar.selectbox(key="dataset").value == "there"
    assert at.query_params["workspace"] == "second"


def test_a_link_cannot_name_a_folder_elsewhere(ws: Workspace, open_page: Open) -> None:
    save_shop(ws, "here")
    save_shop(Workspace.open(ws.root.parent / "deep" / "down"), "there")

    at = open_page(HOME, workspace="deep/down")

    assert at.sidebar.selectbox(key="dataset").value == "here"


def test_a_link_makes_no_workspace_and_opens_no_other_folder(ws: Workspace, open_page: Open) -> None:
    (ws.root.parent / "private").mkdir()

    for name in ("private", "made-up"):
        open_page(HOME, workspace=name)

    assert list((ws.root.parent / "private").iterdir()) == []
    assert not (ws.root.parent / "made-up").exists()


def test_a_broken_workspace_is_said_in_a_sentence(ws: Workspace, open_page: Open) -> None:
    ws.engine.dispose()
    for path in ws.root.glob("catalog.db*"):
        path.unlink()
    (ws.root / "catalog.db").write_text("this is no database " * 100)

    at = open_page(HOME)

    assert "cannot be opened" in at.error[0].value
