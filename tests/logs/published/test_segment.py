import json
from typing import Any

from recsys_core.logs.formats import FileKind
from tests.logs.published.conftest import Look, json_lines, rows

COLUMNS = ("user_id", "product_id", "timestamp", "event", "name", "category", "image_url")
TIME = "2024-01-31T12:00:00.000Z"


def call(kind: str, event: str | None = None, **more: Any) -> dict[str, Any]:
    named = {"event": event} if event else {}
    return {"type": kind, "anonymousId": "anon-1", "messageId": "m", "timestamp": TIME, **named, **more}


def test_track_calls(look: Look) -> None:
    shoe = {"product_id": "p1", "name": "Red shoe", "category": "Shoes", "image_url": "http://x/1.jpg"}
    lines = [
        call("identify", traits={"email": "x"}),
        call("page", properties={"id": "home"}),
        call("track", "Product Viewed", userId="u1", properties=shoe),
        call("track", "Order Completed", properties={"id": "o", "products": [{"sku": "s2"}, {"id": 3}]}),
        call("track", "Signed Up", properties={"plan": "free"}),
        call("track", "Product List Viewed", properties={"products": []}),
    ]
    info = look("calls.json", json_lines(lines))
    assert info.told == "Segment events: JSON lines"
    assert (info.kind, info.columns) == (FileKind.INTERACTIONS, COLUMNS)
    assert dict(info.guess.fields) == {
        "user": "user_id",
        "item": "product_id",
        "time": "timestamp",
        "event": "event",
        "title": "name",
        "category": "category",
        "image": "image_url",
    }
    assert rows(info) == [
        ["u1", "p1", TIME, "Product Viewed", "Red shoe", "Shoes", "http://x/1.jpg"],
        ["anon-1", "s2", TIME, "Order Completed", "", "", ""],
        ["anon-1", "3", TIME, "Order Completed", "", "", ""],
    ]


def test_other_times_stand_in(look: Look) -> None:
    line = call("track", "Product Added", properties={"product_id": "p"}, receivedAt="2024-01-31T12:00:05Z")
    info = look("calls.json", json_lines([{**line, "timestamp": None}]))
    assert info.sample["timestamp"].tolist() == ["2024-01-31T12:00:05Z"]


def test_damaged_calls_keep_a_row(look: Look) -> None:
    lines = [
        call("track", "Product Viewed", properties={"product_id": "p1"}),
        call("track", "Product Viewed", anonymousId=None, properties={"product_id": "p1"}),
        call("track", "Product Viewed", properties={"name": "No id"}),
        call("track", "Product Viewed", properties={"products": [{"name": "No id either"}]}),
    ]
    lines += [lines[0]] * 10
    made = rows(look("calls.json", json_lines([*lines, {"hello": 1}])))
    assert made[1][:2] == ["", "p1"]
    assert made[2] == ["anon-1", "", TIME, "Product Viewed", "No id", "", ""]
    assert made[3] == ["anon-1", "", TIME, "Product Viewed", "No id either", "", ""]
    assert made[-1] == [""] * 7
    assert len(made) == 15


def test_other_calls_are_not_segment(look: Look) -> None:
    one = {"type": "view", "userId": "u", "timestamp": TIME, "itemId": "i", "properties": {}}
    assert look("calls.json", json.dumps(one) + "\n").published is None
