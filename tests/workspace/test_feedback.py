import pandas as pd

from recsys_core.workspace.feedback import (
    VISITOR,
    feedback_of,
    forget_feedback,
    keep_feedback,
    person_of,
    told_feedback,
    usable_feedback,
)
from recsys_core.workspace.forgetting import forget, look_for
from recsys_core.workspace.workspace import Workspace
from tests.workspace.test_forgetting import place_of


def _said(ws: Workspace, person: str | None = None) -> list[tuple[object, ...]]:
    found = feedback_of(ws, "shop", person)
    return list(found[["person", "item_id", "likes"]].itertuples(index=False, name=None))


def test_nothing_said_is_an_empty_table(ws: Workspace) -> None:
    assert feedback_of(ws, "shop").columns.tolist() == ["person", "domain", "item_id", "likes", "timestamp"]
    assert _said(ws) == []
    forget_feedback(ws, "shop")


def test_the_newest_word_counts_and_can_be_taken_back(ws: Workspace) -> None:
    for item, likes in (("a", True), ("b", True), ("a", False), ("b", None)):
        keep_feedback(ws, "shop", "p1", "tea", item, likes)
    keep_feedback(ws, "shop", "p2", "tea", "a", True)
    assert _said(ws) == [("p1", "a", False), ("p2", "a", True)]
    assert _said(ws, "p2") == [("p2", "a", True)]
    assert str(feedback_of(ws, "shop")["timestamp"].dtype).endswith("UTC]")


def test_it_is_kept_by_pseudonym_and_goes_with_the_person(
    ws: Workspace, log: pd.DataFrame, items: pd.DataFrame
) -> None:
    log = log.replace({"user_id": {"ann": "ann-4711"}})
    ws.save_dataset("shop", log, items, {})
    ann, bob = (person_of(ws, "shop", user) for user in ("ann-4711", "bob"))
    for person in (ann, bob):
        keep_feedback(ws, "shop", person, "tea", "a", True)
    assert "ann-4711" not in ann
    assert look_for(ws, "shop", "ann-4711").n_feedback == 1

    assert forget(ws, "shop", "ann-4711").n_feedback == 1

    assert _said(ws) == [(bob, "a", True)]
    assert place_of(ann, ws.root) == []
    forget(ws, "shop", "bob")
    assert _said(ws) == []


def test_a_dataset_with_pseudonyms_holds_them_already(
    ws: Workspace, log: pd.DataFrame, items: pd.DataFrame
) -> None:
    ws.save_dataset("shop", log, items, {"pseudonymised": True})
    assert person_of(ws, "shop", "u0123456789") == "u0123456789"


def test_only_items_that_ten_people_spoke_of_leave_the_house(ws: Workspace) -> None:
    for number in range(10):
        keep_feedback(ws, "shop", f"p{number}", "tea", "a", number > 2)
        keep_feedback(ws, "shop", f"p{number % 9}", "tea", "b", True)
    assert told_feedback(ws, "shop").to_dict("records") == [
        {"domain": "tea", "item_id": "a", "likes": 7, "dislikes": 3}
    ]


def test_visitors_teach_nothing(ws: Workspace) -> None:
    assert usable_feedback(ws, "shop") == (0, 0)
    for person, item, likes in (("p1", "a", True), ("p1", "b", False), (f"{VISITOR}1", "a", True)):
        keep_feedback(ws, "shop", person, "tea", item, likes)
    assert usable_feedback(ws, "shop") == (1, 1)
