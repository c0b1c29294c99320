from pathlib import Path

import pytest

from pages.ui.import_plan import FileChoice, Target, guess_domain, guess_domains, plan
from recsys_core.errors import InputError
from recsys_core.logs.event_rules import EventRules
from recsys_core.logs.formats import FileKind, detect
from recsys_core.logs.reading import Reading

LOG = "user_id,item_id,timestamp\nu1,i1,2024-01-01\n"
ITEMS = "item_id,title\ni1,Tea\n"
RULES = EventRules({"view": 0.5})


def choice(folder: Path, name: str, domain: str, **changed: str) -> FileChoice:
    path = folder / name
    path.write_text(ITEMS if "item" in name else LOG)
    info = detect(path, Reading(zone="Asia/Tokyo"))
    roles = {role: column for role, column in {**info.guess.fields, **changed}.items() if column}
    return FileChoice(info, info.kind, domain, roles)


@pytest.mark.parametrize(
    ("name", "domain"),
    [
        ("food.csv", "food"),
        ("food_items.csv", "food"),
        ("Food reviews.csv", "Food"),
        ("home-garden_interactions.csv", "home-garden"),
        ("items.csv", "items"),
    ],
)
def test_a_domain_is_guessed_from_the_name(tmp_path: Path, name: str, domain: str) -> None:
    assert guess_domain(choice(tmp_path, name, "").info) == domain


def test_a_column_that_says_the_domain_wins(tmp_path: Path) -> None:
    path = tmp_path / "all.csv"
    path.write_text("user_id,item_id,timestamp,domain\nu1,i1,2024-01-01,food\n")

    assert guess_domain(detect(path)) == ""


@pytest.mark.parametrize(
    ("names", "domains"),
    [
        (["food.csv", "food_items.csv"], ["food", "food"]),
        (["food.csv", "items.csv"], ["food", "food"]),
        (["food.csv", "kitchen.csv", "items.csv"], ["food", "kitchen", ""]),
    ],
)
def test_items_go_with_a_log(tmp_path: Path, names: list[str], domains: list[str]) -> None:
    infos = [choice(tmp_path, name, "").info for name in names]

    assert guess_domains(infos, [info.kind for info in infos]) == domains


def test_every_file_becomes_a_part_of_one_request(tmp_path: Path) -> None:
    files = [
        choice(tmp_path, "a.csv", "food", user="item_id"),
        choice(tmp_path, "b.csv", ""),
        choice(tmp_path, "a_items.csv", "food", title=""),
    ]

    request = plan(files, Target("shop", True, True, 0.1), RULES)

    assert [(file.path.name, file.kind, file.domain) for file in request.files] == [
        ("a.csv", FileKind.INTERACTIONS, "food"),
        ("b.csv", FileKind.INTERACTIONS, None),
        ("a_items.csv", FileKind.ITEMS, "food"),
    ]
    assert [(dict(file.roles), file.items_roles) for file in request.files] == [
        ({"user": "item_id"}, None),
        ({}, None),
        ({}, {"title": ""}),
    ]
    assert {file.reading.zone for file in request.files} == {"Asia/Tokyo"}
    assert (request.dataset, request.rules, request.append) == ("shop", RULES, True)
    assert (request.pseudonymise, request.max_bad) == (True, 0.1)


def test_items_alone_are_no_log(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No file holds interactions"):
        plan([choice(tmp_path, "items.csv", "x")], Target("shop"), RULES)


def test_items_of_an_unknown_domain_are_named(tmp_path: Path) -> None:
    files = [choice(tmp_path, "a.csv", "food"), choice(tmp_path, "items.csv", "toys")]

    with pytest.raises(InputError, match=r"items\.csv has items of 'toys', but no log is of that domain"):
        plan(files, Target("shop"), RULES)


@pytest.mark.parametrize(("dataset", "domain"), [("../shop", "food"), ("shop", "../../evil")])
def test_a_name_cannot_lead_out_of_the_folder(tmp_path: Path, dataset: str, domain: str) -> None:
    with pytest.raises(InputError, match="cannot name a"):
        plan([choice(tmp_path, "a.csv", domain)], Target(dataset), RULES)
