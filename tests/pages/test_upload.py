from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.places import UPLOAD
from recsys_core.jobs import local
from recsys_core.jobs.ledger import Ledger
from recsys_core.pipeline import ImportRequest, import_logs
from recsys_core.workspace.workspace import Workspace
from tests.pages.conftest import begin

Open = Callable[..., AppTest]
Text = Callable[[AppTest], str]

pytestmark = pytest.mark.usefixtures("ws")
HEAD = b"uid,sku,when,stars\n"
FOOD = HEAD + b"".join(b"u%02d,f%d,2024-01-%02d,5\n" % (u, u % 3, u % 27 + 1) for u in range(25))
KITCHEN = HEAD + b"".join(b"u%02d,k%d,2024-02-%02d,5\n" % (u, u % 2, u % 27 + 1) for u in range(20))
ITEMS = b"sku,title,description\nf0,Tea,Green\nf1,Rice,White\nf2,Miso,Red\n"


def upload(at: AppTest, **files: bytes) -> AppTest:
    at.file_uploader[0].set_value([(f"{name}.csv", content, "text/csv") for name, content in files.items()])
    return at.run()


def to_dataset(at: AppTest, name: str) -> AppTest:
    at.text_input(key="upload-dataset").set_value(name)
    return at.run()


def test_it_shows_what_a_log_looks_like(open_page: Open) -> None:
    assert open_page(UPLOAD).code[0].value.startswith("user_id,item_id,timestamp")


def test_files_go_to_disk_and_the_uploader_lets_go(ws: Workspace, open_page: Open) -> None:
    at = upload(open_page(UPLOAD), food=FOOD)

    (kept,) = (ws.root / "uploads").glob("*/food.csv")
    assert kept.read_bytes() == FOOD
    assert at.file_uploader[0].value == []


def test_two_domains_with_items_are_understood_and_previewed(open_page: Open, text_of: Text) -> None:
    at = upload(open_page(UPLOAD), food=FOOD, food_items=ITEMS, kitchen=KITCHEN)
    at = to_dataset(at, "shop")

    assert not at.exception
    assert at.main.dataframe[0].value[["File", "Holds", "Domain"]].to_numpy().tolist() == [
        ["food.csv", "interactions", "food"],
        ["food_items.csv", "items", "food"],
        ["kitchen.csv", "interactions", "kitchen"],
    ]
    assert "45 rows read, 0 set aside; 20 users in both food and kitchen." in text_of(at)
    assert not at.button(key="import").disabled


def test_rows_that_cannot_be_read_are_shown_with_reasons(open_page: Open, text_of: Text) -> None:
    at = to_dataset(upload(open_page(UPLOAD), food=FOOD + b"u01,f1,yesterday,5\n"), "shop")

    assert "26 rows read, 1 set aside." in text_of(at)
    assert any("yesterday" in frame.value.to_string() for frame in at.main.dataframe)


def test_a_file_that_is_no_log_is_named_and_can_be_removed(ws: Workspace, open_page: Open) -> None:
    at = upload(open_page(UPLOAD), empty=b"")

    assert at.error[0].value.startswith("empty.csv is empty.")
    at.button(key="remove-empty.csv").click().run()

    assert not at.error
    assert list((ws.root / "uploads").glob("*/empty.csv")) == []


def test_a_missing_column_is_asked_for(open_page: Open) -> None:
    at = upload(open_page(UPLOAD), food=FOOD.replace(b"when", b"remark").replace(b"2024", b"year"))

    assert at.warning[0].value == "Choose the column for the time in food.csv."


def test_too_few_users_cannot_be_imported(open_page: Open) -> None:
    at = to_dataset(upload(open_page(UPLOAD), food=HEAD + b"u1,f1,2024-01-01,5\n"), "shop")

    assert "at least 20 are needed" in at.error[0].value
    assert at.button(key="import").disabled


def test_a_bad_name_is_said(open_page: Open) -> None:
    at = to_dataset(upload(open_page(UPLOAD), food=FOOD), "../shop")

    assert "cannot name a dataset" in at.error[0].value


def test_import_submits_a_job_and_shows_what_it_brought(
    ws: Workspace, open_page: Open, text_of: Text, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "start_worker", lambda *_: None)
    monkeypatch.setattr(local, "reap", lambda *_: [])
    at = to_dataset(upload(open_page(UPLOAD), food=FOOD, kitchen=KITCHEN), "shop")

    at.button(key="import").click().run()
    (job,) = Ledger(ws).jobs()
    assert (job.kind, job.dataset, job.title) == ("import", "shop", "Import logs into shop")
    begin(ws, job.id).finish(_do(ws, dict(job.params)))
    at.run()

    assert "shop, version 1: 45 rows read, 45 kept, 0 set aside." in text_of(at)
    assert at.sidebar.selectbox(key="dataset").value == "shop"


def _do(ws: Workspace, params: dict[str, object]) -> dict[str, object]:
    report = import_logs(ws, ImportRequest(**params))  # type: ignore[arg-type]
    counts = {name: getattr(report, name) for name in ("n_read", "n_kept", "n_bad")}
    return {"dataset": report.info.name, "version": report.info.version, **counts}
