from pathlib import Path

import pytest

from recsys_core.logs.reading import DateOrder, FileKind, Reading
from recsys_core.workspace.preparation import domain_of_file, prepare
from recsys_core.workspace.requests import ImportRequest, SourceFile

pytestmark = pytest.mark.one_database  # opens no catalogue


LOG = "user_id,item_id,timestamp\nu1,i1,2024-01-01\n"


@pytest.mark.parametrize(
    ("name", "domain"),
    [
        ("food.csv.gz", "food"),
        ("food_items.csv", "food"),
        ("Food reviews.csv", "Food"),
        ("home-garden_interactions.csv", "home-garden"),
        ("ml-1m.zip/ml-1m/ratings.dat", "ml-1m"),
        ("ml-100k/u.data", "ml-100k"),
        ("items.csv", "items"),
        ("transactions_train.csv", "transactions_train"),
        ("déjà vu.jsonl", "déjà vu"),
        ("...", "log"),
    ],
)
def test_a_domain_is_named_after_its_file(name: str, domain: str) -> None:
    assert domain_of_file(name) == domain


def test_a_folder_is_looked_through_and_what_is_no_log_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "tea.csv").write_text(LOG)
    (folder / "tea_items.csv").write_text("item_id,title\ni1,Sencha\n")
    (folder / "README").write_text("hello")
    (folder / "notes.jsonl").write_text('{"user_id": "u1"}\n')
    (folder / "members.csv").write_text("user_id,age,since\nu1,31,2019-01-01\n")
    (folder / ".hidden.csv").write_text(LOG)
    ready = prepare(ImportRequest.of("shop", [folder]), tmp_path)
    assert [(log.info.name, log.domain) for log in ready.logs] == [("shop/tea.csv", "tea")]
    assert [items.info.name for items in ready.items] == ["shop/tea_items.csv"]
    assert [people.info.name for people in ready.people] == ["shop/members.csv"]
    assert [finding.about for finding in ready.left_out] == ["shop/README", "shop/notes.jsonl"]


def test_what_people_say_of_a_file_counts(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("who,what,when,kind\nu1,i1,03/04/2024,food\n")
    said = SourceFile(
        tmp_path / "a.csv",
        domain="tea",
        roles={"user": "who", "item": "what", "time": "when", "event": "kind"},
        reading=Reading(dates=DateOrder.DAY_FIRST),
    )
    [log] = prepare(ImportRequest("shop", (said,)), tmp_path).logs
    assert (log.domain, log.roles.event, log.info.reading.dates) == ("tea", "kind", DateOrder.DAY_FIRST)


def test_a_request_goes_through_json(tmp_path: Path) -> None:
    said = SourceFile(
        tmp_path / "a.csv",
        "a",
        FileKind.ITEMS,
        "tea",
        {"user": "who"},
        {"item": "i"},
        Reading.parse(zone="UTC"),
    )
    request = ImportRequest("shop", (said,), append=True, max_bad=0.1)
    assert ImportRequest.from_params(request.as_params()) == request
