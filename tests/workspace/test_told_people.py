from pathlib import Path

import pandas as pd

from recsys_core.workspace.imports import import_logs
from recsys_core.workspace.requests import ImportReport, ImportRequest
from recsys_core.workspace.workspace import Workspace
from tests.workspace.test_imports import write_log


def write_people(path: Path, users: range, **attributes: str) -> Path:
    rows = [",".join([f"u{user:02}", *attributes.values()]) for user in users]
    path.write_text("\n".join([",".join(["user_id", *attributes]), *rows]) + "\n")
    return path


def imported(ws: Workspace, log: Path, *people: Path, append: bool = False) -> ImportReport:
    return import_logs(ws, ImportRequest.of("shop", (log,), people=people, append=append))


def told(ws: Workspace, user: str) -> dict[str, str]:
    people = ws.load_dataset("shop").people
    table = people.table if people else pd.DataFrame({"user_id": []})
    rows = table[table["user_id"] == user].drop(columns="user_id").to_dict("records")
    return {str(name): text for name, text in rows[0].items()} if rows else {}


def test_people_lie_beside_the_items(ws: Workspace, tmp_path: Path) -> None:
    log = write_log(tmp_path / "tea.csv", range(20))
    people = write_people(tmp_path / "tea_users.csv", range(15), gender="F")
    report = imported(ws, log, people)
    assert told(ws, "u03") == {"gender": "F"}
    assert told(ws, "u17") == {}
    assert report.info.manifest["people"][0]["file"] == "tea_users.csv"
    assert "people.parquet" in report.info.manifest["outputs"]
    again = imported(ws, log, people)
    assert again.info.hash == report.info.hash
    assert imported(ws, log).info.hash == report.info.hash  # what was told before still is
    other = write_people(tmp_path / "tea_users.csv", range(15), gender="M")
    assert imported(ws, log, other).info.hash != report.info.hash


def test_without_people_nothing_changes(ws: Workspace, tmp_path: Path) -> None:
    report = imported(ws, write_log(tmp_path / "tea.csv", range(20)))
    assert sorted(path.name for path in report.info.folder.iterdir()) == [
        "interactions.parquet",
        "items.parquet",
        "manifest.json",
    ]
    assert ws.load_dataset("shop").people is None


def test_a_domain_replaced_with_its_people_leaves_those_of_other_domains(
    ws: Workspace, tmp_path: Path
) -> None:
    jam = write_log(tmp_path / "jam.csv", range(30))
    imported(ws, jam, write_people(tmp_path / "a.csv", range(30), gender="F", age="31"))
    tea = write_log(tmp_path / "tea.csv", range(20, 45))
    imported(ws, tea, write_people(tmp_path / "b.csv", range(25, 45), gender="M"))
    assert told(ws, "u05") == {"gender": "F", "age": "31"}
    assert told(ws, "u27") == {"gender": "M", "age": "31"}  # what is new of a person comes first
    assert told(ws, "u40") == {"gender": "M", "age": ""}
    imported(ws, tea, write_people(tmp_path / "c.csv", range(40, 45), gender="F"))
    assert told(ws, "u42") == {"gender": "F", "age": ""}
    assert told(ws, "u35") == {}  # was only told of beside the tea that was replaced
    assert told(ws, "u27")["gender"] == "M"


def test_appending_keeps_what_was_told(ws: Workspace, tmp_path: Path) -> None:
    imported(
        ws,
        write_log(tmp_path / "tea.csv", range(20)),
        write_people(tmp_path / "a.csv", range(20), gender="F"),
    )
    more = write_log(tmp_path / "tea.csv", range(15, 30), day="2014-01-01")
    imported(ws, more, write_people(tmp_path / "b.csv", range(18, 30), gender="M"), append=True)
    assert [told(ws, user)["gender"] for user in ("u03", "u19", "u29")] == ["F", "M", "M"]


def test_who_has_no_event_any_more_is_not_told_of(ws: Workspace, tmp_path: Path) -> None:
    people = write_people(tmp_path / "a.csv", range(40), gender="F")
    imported(ws, write_log(tmp_path / "tea.csv", range(40)), people)
    imported(ws, write_log(tmp_path / "tea.csv", range(20)))
    assert told(ws, "u10") == {"gender": "F"}
    assert told(ws, "u30") == {}


def test_people_go_by_the_pseudonyms_of_the_log(ws: Workspace, tmp_path: Path) -> None:
    log = write_log(tmp_path / "tea.csv", range(20))
    people = write_people(tmp_path / "a.csv", range(20), gender="F")
    import_logs(ws, ImportRequest.of("shop", (log,), people=(people,), pseudonymise=True))
    data = ws.load_dataset("shop")
    assert data.people is not None
    assert data.people.table["user_id"].tolist() == data.user_ids.tolist()
    assert "u03" not in data.people.table["user_id"].tolist()
