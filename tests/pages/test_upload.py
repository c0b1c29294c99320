import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.places import COVERAGE, UPLOAD
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
UNSURE = HEAD + b"".join(b"u%02d,f%d,%02d/02/2024,5\n" % (u, u % 3, u % 12 + 1) for u in range(25))


def upload(at: AppTest, **files: bytes) -> AppTest:
    named = [(f"{name}.csv", content, "text/csv") for name, content in files.items()]
    return send(at, *named)


def send(at: AppTest, *files: tuple[str, bytes, str]) -> AppTest:
    at.file_uploader[0].set_value(list(files))
    return at.run()


def zipped(**files: bytes) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        for name, content in files.items():
            packed.writestr(name.replace("__", "."), content)
    return archive.getvalue()


def to_dataset(at: AppTest, name: str) -> AppTest:
    at.text_input(key="upload-dataset").set_value(name)
    return at.run()


def labelled(at: AppTest, kind: str, label: str) -> object:
    """The widget of a kind with a label."""
    return next(one for one in getattr(at.main, kind) if one.label.startswith(label))


def table(at: AppTest, column: str) -> list[list[object]]:
    """The rows of the first table that has a column."""
    return next(
        frame.value.to_numpy().tolist() for frame in at.main.dataframe if column in frame.value.columns
    )


def test_it_shows_what_a_log_looks_like_and_how_large_one_may_be(
    ws: Workspace, open_page: Open, text_of: Text
) -> None:
    at = open_page(UPLOAD)

    assert at.code[0].value.startswith("user_id,item_id,timestamp")
    assert "Up to 1,024 MB a file" in text_of(at)
    assert f"driftmap import FILE --dataset NAME --workspace {ws.root}" in text_of(at)


def test_the_limit_is_the_one_that_is_set(
    open_page: Open, text_of: Text, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRIFTMAP_MAX_UPLOAD_MB", "50")

    assert "Up to 50 MB a file" in text_of(open_page(UPLOAD))


def test_files_go_to_disk_and_the_uploader_lets_go(ws: Workspace, open_page: Open) -> None:
    at = upload(open_page(UPLOAD), food=FOOD)

    (kept,) = (ws.root / "uploads").glob("*/food.csv")
    assert kept.read_bytes() == FOOD
    assert at.file_uploader[0].value == []


def test_two_domains_with_items_are_understood_and_previewed(open_page: Open, text_of: Text) -> None:
    at = to_dataset(upload(open_page(UPLOAD), food=FOOD, food_items=ITEMS, kitchen=KITCHEN), "shop")

    assert not at.exception
    assert table(at, "Holds") == [
        ["food.csv", "comma-separated", "519 B", "interactions", "food"],
        ["kitchen.csv", "comma-separated", "419 B", "interactions", "kitchen"],
        ["food_items.csv", "comma-separated", "61 B", "items", "food"],
    ]
    assert "##### 45 rows read, 0 set aside, 20 users shared by both domains." in text_of(at)
    assert "u00 · sure by its name" in text_of(at)
    assert "2024-01-01 · 80 % sure, by its name" in text_of(at)
    assert not at.button(key="import").disabled


def test_people_are_understood_and_imported_with_their_log(
    ws: Workspace, open_page: Open, text_of: Text
) -> None:
    people = b"user_id,gender,age,name\n" + b"".join(
        b"u%02d,F,%d,Ann %d\n" % (n, 20 + n, n) for n in range(15)
    )
    at = to_dataset(upload(open_page(UPLOAD), food=FOOD, food_users=people), "shop")

    assert not at.exception
    assert [(row[0], row[3], row[4]) for row in table(at, "Holds")] == [
        ("food.csv", "interactions", "food"),
        ("food_users.csv", "people", ""),
    ]
    text = text_of(at).replace("\\", "")
    assert "Told of people: gender, age and name." in text
    assert "have attributes: gender, age" in text
    assert "Not stored of people: name." in text
    at.button(key="import").click().run()
    (job,) = Ledger(ws).jobs(10)
    assert [file["kind"] for file in job.params["files"]] == ["interactions", "people"]


def test_an_archive_is_unpacked_and_what_is_left_out_is_named(open_page: Open, text_of: Text) -> None:
    content = zipped(food__csv=FOOD, food_items__csv=ITEMS, README__txt=b"Of 2024.\n", __hidden=b"x")
    at = send(open_page(UPLOAD), ("shop.zip", content, "application/zip"))

    assert [(row[0], row[3]) for row in table(at, "Holds")] == [
        ("shop.zip/README.txt", "leave out"),
        ("shop.zip/food.csv", "interactions"),
        ("shop.zip/food_items.csv", "items"),
    ]
    assert "25 rows read, 0 set aside." in text_of(at)
    assert "**shop.zip/README.txt**" in text_of(at)
    assert "shop.zip/.hidden: hidden, so not unpacked." in text_of(at)


def test_a_damaged_archive_is_told(open_page: Open) -> None:
    at = send(open_page(UPLOAD), ("shop.zip", zipped(food__csv=FOOD)[:60], "application/zip"))

    assert "shop.zip is a damaged or cut-off ZIP archive." in at.error[0].value
    assert not at.exception


def test_files_on_the_server_are_read_in_place(
    ws: Workspace, open_page: Open, text_of: Text, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "food.csv").write_bytes(FOOD)
    monkeypatch.setenv("DRIFTMAP_IMPORT_FOLDER", str(tmp_path / "logs"))
    at = open_page(UPLOAD)

    at.multiselect(key="upload-server").set_value(["food.csv"]).run()

    assert "25 rows read, 0 set aside." in text_of(at)
    assert list((ws.root / "uploads").rglob("food.csv")) == []


def test_rows_that_cannot_be_read_are_shown_with_reasons(open_page: Open, text_of: Text) -> None:
    at = to_dataset(upload(open_page(UPLOAD), food=FOOD + b"u01,f1,yesterday,5\n"), "shop")

    assert "26 rows read, 1 set aside." in text_of(at)
    assert table(at, "Reason") == [["food.csv", 27, "when", "yesterday", "not a time", "u01,f1,yesterday,5"]]


def test_the_allowed_share_of_bad_rows_counts(open_page: Open) -> None:
    at = to_dataset(upload(open_page(UPLOAD), food=FOOD + b"u01,f1,yesterday,5\n"), "shop")

    at.number_input(key="upload-max-bad").set_value(1).run()

    assert "1 of 26 rows" in at.error[0].value
    assert at.button(key="import").disabled


def test_a_file_that_is_no_log_is_named_and_can_be_removed(ws: Workspace, open_page: Open) -> None:
    at = upload(open_page(UPLOAD), empty=b"")

    assert at.error[0].value.startswith("empty.csv is empty.")
    at.button(key="remove-files").click().run()

    assert not at.error
    assert list((ws.root / "uploads").glob("*/empty.csv")) == []


def test_a_missing_column_is_asked_for(open_page: Open) -> None:
    at = upload(open_page(UPLOAD), food=FOOD.replace(b"when", b"remark").replace(b"2024", b"year"))

    assert at.warning[0].value == "To go on, choose the time in food.csv."
    assert at.button(key="import").disabled


def test_day_and_month_are_asked_for_where_no_date_tells(open_page: Open, text_of: Text) -> None:
    at = upload(open_page(UPLOAD), food=UNSURE)
    asked = labelled(at, "radio", "Which comes first")

    assert asked.value is None  # type: ignore[attr-defined]
    assert at.button(key="import").disabled

    asked.set_value("month-first").run()  # type: ignore[attr-defined]

    assert "25 rows read, 0 set aside." in text_of(at)
    assert "read as dates like 01/31/2024, month first" in text_of(at)
    assert table(at, "First")[0][4:] == ["2024-01-02", "2024-12-02"]


def test_a_time_zone_can_be_said(open_page: Open, text_of: Text) -> None:
    at = upload(open_page(UPLOAD), food=FOOD)
    assert "they name no time zone and are taken for UTC" in text_of(at)

    labelled(at, "selectbox", "Time zone").set_value("Asia/Tokyo").run()  # type: ignore[attr-defined]

    assert "in the time zone Asia/Tokyo." in text_of(at)
    assert table(at, "First")[0][4] == "2023-12-31"


def test_events_and_ratings_are_asked_for_only_where_there_are_some(open_page: Open) -> None:
    at = upload(open_page(UPLOAD), food=FOOD)

    at.number_input(key="min-weight-usual-0").set_value(6).run()
    assert "No event is left of 25 rows" in at.error[0].value

    labelled(at, "selectbox", "Weight").set_value("(none)").run()  # type: ignore[attr-defined]
    assert not [one for one in at.main.number_input if one.label.startswith("Leave out")]
    assert not at.error


def test_filters_say_what_would_stay_and_then_count(open_page: Open, text_of: Text) -> None:
    more = b"".join(b"u%02d,f%d,2024-03-01,5\n" % (u, (u + 1) % 3) for u in range(21))
    at = to_dataset(upload(open_page(UPLOAD), food=FOOD + more), "shop")
    history = at.radio(key="history-usual-0")

    assert history.proto.captions[1] == "21 of 25 users, 42 of 46 events stay"
    history.set_value(2).run()

    assert "**42 rows would be kept**; 4 are left out by the rules above." in text_of(at)
    assert at.radio(key="history-usual-0").proto.captions[0] == "All 25 users and 46 events stay"


def test_personal_data_is_told_where_pseudonyms_are_chosen(open_page: Open) -> None:
    at = to_dataset(upload(open_page(UPLOAD), food=FOOD.replace(b"u0", b"anna@example.org")), "shop")
    assert any("Switch pseudonyms on" in one.value for one in at.warning)

    at.toggle(key="upload-pseudonyms").set_value(True).run()

    assert not any("e-mail" in one.value for one in at.warning)


def test_large_files_are_read_by_their_first_rows(
    open_page: Open, text_of: Text, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pages.ui.import_sample.LARGE", 100)
    monkeypatch.setattr("pages.ui.import_sample.SAMPLE", 22)
    at = to_dataset(upload(open_page(UPLOAD), food=FOOD), "shop")

    assert "The first 22 of about 26 rows read, 0 set aside." in text_of(at)
    assert "Read: the first 22 rows of about 26." in text_of(at)
    at.button(key="read-all").click().run()

    assert "25 rows read, 0 set aside." in text_of(at)


def test_too_few_users_cannot_be_imported(open_page: Open) -> None:
    at = to_dataset(upload(open_page(UPLOAD), food=HEAD + b"u1,f1,2024-01-01,5\n"), "shop")

    assert "at least 20 are needed" in at.error[0].value
    assert at.button(key="import").disabled


def test_a_bad_name_is_said(open_page: Open) -> None:
    at = to_dataset(upload(open_page(UPLOAD), food=FOOD), "../shop")

    assert "cannot name a dataset" in at.error[0].value


def test_what_was_filled_in_survives_a_look_at_another_page(open_page: Open) -> None:
    at = upload(open_page(UPLOAD), food=UNSURE)
    labelled(at, "radio", "Which comes first").set_value("day-first").run()  # type: ignore[attr-defined]
    at = to_dataset(at, "shop")
    at.radio(key="repeats-usual-0").set_value("pairs").run()

    at.switch_page(COVERAGE.path).run()
    at.switch_page(UPLOAD.path).run()

    assert labelled(at, "radio", "Which comes first").value == "day-first"  # type: ignore[attr-defined]
    assert at.radio(key="repeats-usual-0").value == "pairs"
    assert at.text_input(key="upload-dataset").value == "shop"


def test_import_submits_one_job_and_shows_what_it_brought(
    ws: Workspace, open_page: Open, text_of: Text, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_workers(monkeypatch)
    at = to_dataset(upload(open_page(UPLOAD), food=FOOD, kitchen=KITCHEN), "shop")

    at.button(key="import").click().run()
    (job,) = Ledger(ws).jobs()
    assert (job.kind, job.dataset, job.title) == ("import", "shop", "Import logs into shop")
    begin(ws, job.id).finish(_do(ws, dict(job.params)))
    at.run()

    assert "shop, version 1: 45 rows read, 45 kept, 0 set aside." in text_of(at)
    assert at.sidebar.selectbox(key="dataset").value == "shop"


def test_a_mapping_is_remembered_for_the_next_file_and_can_be_forgotten(
    open_page: Open, text_of: Text, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_workers(monkeypatch)
    at = upload(open_page(UPLOAD), food=UNSURE.replace(b"uid", b"who"))
    labelled(at, "selectbox", "User").set_value("who").run()  # type: ignore[attr-defined]
    labelled(at, "selectbox", "Time").set_value("when").run()  # type: ignore[attr-defined]
    labelled(at, "radio", "Which comes first").set_value("day-first").run()  # type: ignore[attr-defined]
    at.radio(key="repeats-usual-0").set_value("moments").run()
    at.button(key="import").click().run()

    at = upload(open_page(UPLOAD), february=UNSURE.replace(b"uid", b"who"))
    assert "u00 · remembered from last time" in text_of(at)
    assert "25 rows read, 0 set aside." in text_of(at)
    assert labelled(at, "radio", "What has to be").value == "moments"  # type: ignore[attr-defined]

    next(one for one in at.main.button if one.label == "Forget this mapping").click().run()
    assert "remembered from last time" not in text_of(at)
    assert "choose the user in february.csv" in at.warning[0].value


def stop_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "start", lambda *_: None)
    monkeypatch.setattr(local, "reap", lambda *_: [])


def _do(ws: Workspace, params: dict[str, object]) -> dict[str, object]:
    report = import_logs(ws, ImportRequest.from_params(params))
    counts = {name: getattr(report, name) for name in ("n_read", "n_kept", "n_bad")}
    return {"dataset": report.info.name, "version": report.info.version, **counts}
