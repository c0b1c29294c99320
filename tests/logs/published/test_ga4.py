import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from recsys_core.errors import InputError
from recsys_core.logs.formats import FileKind, detect
from tests.logs.published.conftest import Look, json_lines, rows

ROLES = {
    "user": "user_id",
    "item": "item_id",
    "time": "event_timestamp",
    "event": "event_name",
    "title": "item_name",
    "category": "item_category",
}
COLUMNS = ("user_id", "item_id", "event_timestamp", "event_name", "item_name", "item_category")
SHOE = {"item_id": "007", "item_name": "Red shoe", "item_category": "Shoes", "quantity": 1}
HAT = {"item_id": 8, "item_name": "(not set)", "item_category": "(not set)"}


def event(name: str, user: str | None, *items: object) -> dict[str, Any]:
    return {
        "event_date": "20210131",
        "event_timestamp": "1612069510766593",
        "event_name": name,
        "user_id": user,
        "user_pseudo_id": "1026454.42",
        "device": {"category": "mobile"},
        "items": list(items),
    }


def test_json_lines(look: Look) -> None:
    lines = [
        event("page_view", None),
        event("purchase", "u1", SHOE, HAT),
        event("view_item", None, {"item_id": "(not set)"}, {"item_name": "No id"}),
    ]
    info = look("events.json", json_lines(lines) + "{broken\n")
    assert info.told == "Google Analytics 4 export: JSON lines"
    assert (info.kind, dict(info.guess.fields), info.columns) == (FileKind.INTERACTIONS, ROLES, COLUMNS)
    assert rows(info) == [
        ["1026454.42", "007", "1612069510766593", "purchase", "Red shoe", "Shoes"],
        ["1026454.42", "8", "1612069510766593", "purchase", "", ""],
        ["1026454.42", "", "1612069510766593", "view_item", "No id", ""],
    ]
    assert info.published is not None
    assert "The user is user_pseudo_id" in info.published.note


def test_the_account_where_everyone_has_one(look: Look) -> None:
    info = look("events.json", json_lines([event("page_view", "u2"), event("view_item", "u1", SHOE)]))
    assert info.sample["user_id"].tolist() == ["u1"]
    assert info.published is not None
    assert "The user is user_id" in info.published.note


def test_parquet(tmp_path: Path) -> None:
    lines = [event("view_item", None, SHOE), event("page_view", None)]
    frame = pd.DataFrame(lines)
    frame["event_timestamp"] = frame["event_timestamp"].astype("int64")
    frame.to_parquet(tmp_path / "events.parquet")
    info = detect(tmp_path / "events.parquet")
    assert info.told == "Google Analytics 4 export: Parquet"
    assert rows(info) == [["1026454.42", "007", "1612069510766593", "view_item", "Red shoe", "Shoes"]]


def test_a_line_that_is_no_event_keeps_a_row(look: Look) -> None:
    info = look("events.json", json_lines([event("view_item", None, SHOE), {"items": [SHOE]}]))
    assert rows(info)[1] == [""] * 6


def test_items_are_looked_for_beyond_the_first_rows(look: Look) -> None:
    plain = {key: value for key, value in event("page_view", None).items() if key not in ("items", "user_id")}
    info = look("events.json", json_lines([plain] * 1000 + [event("view_item", None, SHOE)]))
    assert info.sample["item_id"].tolist() == ["007"]


def test_an_export_without_items_is_refused(look: Look) -> None:
    with pytest.raises(InputError, match=r"None of the first 1,000 rows of events\.json .* tells of an item"):
        look("events.json", json_lines([event("page_view", None)] * 1000))


def test_other_events_are_not_ga4(look: Look) -> None:
    one = {"event_name": "view", "event_timestamp": 1612069510, "user": "u", "item": "i"}
    assert look("events.json", json.dumps(one) + "\n").published is None
