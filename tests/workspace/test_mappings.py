from pathlib import Path

import pytest

from recsys_core.logs.event_rules import EventRules
from recsys_core.logs.parsing import Repeats
from recsys_core.logs.reading import DateOrder, FileKind, Reading
from recsys_core.workspace.mappings import FOLDER, Remembered, fingerprint, forget_mapping, recall, remember
from recsys_core.workspace.workspace import Workspace

COLUMNS = ("uid", "sku", "when")
MARK = fingerprint(FileKind.INTERACTIONS, COLUMNS)
SAID = Remembered(
    {"user": "uid", "item": "sku", "time": "when"},
    Reading(zone="Europe/Paris", dates=DateOrder.DAY_FIRST),
    EventRules({"view": 0.5}, min_weight=3, repeats=Repeats.PAIRS, core=5),
)


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    return Workspace.open(tmp_path / "ws")


@pytest.mark.one_database  # opens no catalogue
def test_a_fingerprint_is_of_what_a_file_holds_and_its_columns_in_order() -> None:
    assert len(MARK) == 64
    assert fingerprint(FileKind.INTERACTIONS, list(COLUMNS)) == MARK
    assert fingerprint(FileKind.ITEMS, COLUMNS) != MARK
    assert fingerprint(FileKind.INTERACTIONS, COLUMNS[::-1]) != MARK
    assert fingerprint(FileKind.INTERACTIONS, ("uid,sku", "when")) != MARK


def test_what_was_said_is_recalled(ws: Workspace) -> None:
    assert recall(ws, MARK) is None

    remember(ws, MARK, SAID)

    assert recall(ws, MARK) == SAID


def test_what_was_said_last_counts(ws: Workspace) -> None:
    remember(ws, MARK, SAID)
    remember(ws, MARK, Remembered({"user": "sku"}))

    assert recall(ws, MARK) == Remembered({"user": "sku"})


def test_what_is_forgotten_is_gone(ws: Workspace) -> None:
    remember(ws, MARK, SAID)

    forget_mapping(ws, MARK)
    forget_mapping(ws, MARK)

    assert recall(ws, MARK) is None


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"roles": [], "reading": {}, "rules": {}}',
        '{"roles": {}, "reading": {"zone": "Mars/Base"}, "rules": {}}',
        '{"roles": {}, "reading": {"colour": "red"}, "rules": {}}',
        '{"roles": {}, "reading": {}, "rules": {"core": "many"}}',
    ],
)
def test_what_cannot_be_read_any_more_is_not_recalled(ws: Workspace, content: str) -> None:
    path = ws.root / FOLDER / f"{MARK}.json"
    path.parent.mkdir()
    path.write_text(content)

    assert recall(ws, MARK) is None


def test_a_role_that_is_no_more_is_left_out(ws: Workspace) -> None:
    remember(ws, MARK, Remembered({"user": "uid", "shoe_size": "sku"}))

    assert recall(ws, MARK) == Remembered({"user": "uid"})
