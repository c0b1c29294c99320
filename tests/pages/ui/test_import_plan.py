from pathlib import Path

import pytest

from pages.ui.import_plan import FileChoice, guess_domain, plan
from recsys_core.errors import InputError
from recsys_core.logs.formats import FileKind, detect

LOG = "user_id,item_id,timestamp\nu1,i1,2024-01-01\n"
ITEMS = "item_id,title\ni1,Tea\n"


def choice(folder: Path, name: str, domain: str, **corrections: str) -> FileChoice:
    path = folder / name
    path.write_text(ITEMS if "item" in name else LOG)
    info = detect(path)
    return FileChoice(info, info.kind, domain, corrections)


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


def test_several_domains_become_one_request_by_their_names(tmp_path: Path) -> None:
    files = [
        choice(tmp_path, "a.csv", "food"),
        choice(tmp_path, "b.csv", "kitchen"),
        choice(tmp_path, "a_items.csv", "food"),
    ]

    (request,) = plan("shop", files, tmp_path / "named", append=False, pseudonymise=True)

    assert [path.name for path in request.files] == ["food.csv", "kitchen.csv"]
    assert [path.name for path in request.items] == ["food_items.csv"]
    assert (request.domain, request.pseudonymise) == (None, True)
    assert request.files[0].read_text() == LOG


def test_two_logs_of_a_domain_are_read_together(tmp_path: Path) -> None:
    files = [choice(tmp_path, "2023.csv", "food"), choice(tmp_path, "2024.csv", "food")]

    (request,) = plan("shop", files, tmp_path / "named", append=False, pseudonymise=False)

    assert (request.domain, [path.name for path in request.files]) == ("food", ["2023.csv", "2024.csv"])


def test_different_columns_need_a_request_each(tmp_path: Path) -> None:
    files = [choice(tmp_path, "a.csv", "food", user="item_id"), choice(tmp_path, "b.csv", "kitchen")]

    requests = plan("shop", files, tmp_path / "named", append=False, pseudonymise=False)

    assert [(r.domain, r.roles) for r in requests] == [("food", {"user": "item_id"}), ("kitchen", None)]


def test_items_alone_are_no_log(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No file holds interactions"):
        plan("shop", [choice(tmp_path, "items.csv", "x")], tmp_path / "n", append=False, pseudonymise=False)


def test_items_of_an_unknown_domain_are_named(tmp_path: Path) -> None:
    files = [choice(tmp_path, "a.csv", "food"), choice(tmp_path, "items.csv", "toys")]

    with pytest.raises(InputError, match=r"items\.csv has items of 'toys', but no log is of that domain"):
        plan("shop", files, tmp_path / "named", append=False, pseudonymise=False)


def test_a_domain_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    files = [choice(tmp_path, "a.csv", "../../evil"), choice(tmp_path, "b.csv", "food")]

    with pytest.raises(InputError, match="cannot name a domain"):
        plan("shop", files, tmp_path / "named", append=False, pseudonymise=False)
    assert not (tmp_path / "named").exists()


def test_kinds_are_told_apart(tmp_path: Path) -> None:
    kinds = [choice(tmp_path, name, "x").kind for name in ("log.csv", "items.csv")]

    assert kinds == [FileKind.INTERACTIONS, FileKind.ITEMS]
