"""Files of items with something wrong in them, beside a good log."""

from pathlib import Path

import pytest

from recsys_core.workspace.requests import ImportReport
from recsys_core.workspace.workspace import Workspace
from tests.workspace.bad_files import GOOD, imported, notes, refused, write

NEVER_CLOSED = 'Close it, or write "" for a quotation mark inside quotes.'


def with_items(ws: Workspace, folder: Path, content: str | bytes, name: str = "items.csv") -> ImportReport:
    return imported(ws, write(folder / "log.csv", GOOD), (write(folder / name, content),))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "items.csv is empty. Export the log again; it needs a header and rows."),
        ("item_id,title\n", "items.csv has a header but no rows. Export the log again with its rows."),
        (
            "label,price\nA,x\n",
            "items.csv has no column that looks like the item. It has: label, price. Map one",
        ),
        (
            'item_id,title\ni1,A\ni2,"B\ni3,C\n',
            f"items.csv has a quotation mark that is never closed, near line 3. {NEVER_CLOSED}",
        ),
    ],
)
def test_items_that_are_refused(ws: Workspace, tmp_path: Path, content: str, message: str) -> None:
    log, items = write(tmp_path / "log.csv", GOOD), write(tmp_path / "items.csv", content)
    assert refused(ws, log, (items,)).startswith(message)


def test_ids_told_more_than_once(ws: Workspace, tmp_path: Path) -> None:
    report = with_items(ws, tmp_path, "item_id,title\ni1,A\ni1,B\ni2,C\ni2,C\n")
    assert notes(report, "repeated-items") == [
        "2 rows of items.csv tell of an item again; the first text counts."
    ]
    assert notes(report, "disagreeing-items") == [
        "1 item of items.csv has more than one title; the first counts: 'i1'."
    ]
    assert ws.load_dataset("shop").items.set_index("item_id").loc["i1", "title"] == "A"


def test_items_and_interactions_that_do_not_meet(ws: Workspace, tmp_path: Path) -> None:
    report = with_items(ws, tmp_path, "item_id,title\ni1,A\nnew,B\nother,C\n")
    assert notes(report, "silent-items") == ["399 of 400 items in the log of log have no title or text."]
    assert notes(report, "unused-items") == [
        "2 items of log are in no event; they are kept, as items nobody has touched."
    ]


@pytest.mark.parametrize(
    ("name", "content", "count", "line"),
    [
        ("items.csv", 'item_id,title\n\n"i1","A\nB"\ni2,B,C\ni3\ni4,D\n', 2, 5),
        ("items.csv", b"item_id,title\n" + "i1,é\n".encode() * 300 + b"i2,\xe9\n", 1, 302),
        ("items.jsonl", '{"item_id":"i1","title":"A"}\n\nbroken\n{"item_id":"i2","title":"\\ud800"}\n', 2, 3),
    ],
)
def test_lines_that_are_no_items(
    ws: Workspace, tmp_path: Path, name: str, content: str | bytes, count: int, line: int
) -> None:
    was = f"{'line' if count == 1 else 'lines'} of {name}", "is" if count == 1 else "are"
    left = "was" if count == 1 else "were"
    assert notes(with_items(ws, tmp_path, content, name), "malformed-items") == [
        f"{count} {was[0]} {was[1]} not well-formed and {left} left out, the first at line {line}."
    ]


def test_items_without_id(ws: Workspace, tmp_path: Path) -> None:
    report = with_items(ws, tmp_path, "item_id,title\n,A\nNaN,B\ni1,C\n")
    assert notes(report, "items-without-id") == ["2 rows of items.csv have no item id and were left out."]


def test_control_characters_and_endless_titles(ws: Workspace, tmp_path: Path) -> None:
    rows = "".join(f"i{n},Title {n}\n" for n in range(10, 90))
    long = "long " * 200_000
    report = with_items(ws, tmp_path, f"item_id,title\ni1,A\0B\x1b\u200bC\x7f\ni2,{long}\n{rows}")
    titles = ws.load_dataset("shop").items.set_index("item_id")["title"]
    assert titles["i1"] == "A B C"
    assert titles["i2"] == long[:4000]
    assert report.n_kept == 400
