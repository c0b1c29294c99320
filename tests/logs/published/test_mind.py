import gzip

import pytest

from recsys_core.logs.formats import FileKind
from tests.logs.published.conftest import Look, rows

BEHAVIORS = (
    "1\tU13\t11/11/2019 9:05:58 AM\tN55 N42\tN10-1 N35-0 N11-1\n"
    "2\tU91\t11/12/2019 6:11:30 PM\t\tN20-0 N21-1\n"
    "3\tU13\t11/12/2019 9:00:00 PM\tN55 N42\tN30-0 N31-0\n"
)


def test_behaviors(look: Look) -> None:
    info = look("behaviors.tsv.gz", gzip.compress(BEHAVIORS.encode(), mtime=0))
    assert info.told == "MIND behaviors: tab-separated, no header, gzip"
    assert info.kind is FileKind.INTERACTIONS
    assert dict(info.guess.fields) == {"user": "user_id", "item": "news_id", "time": "time", "event": "event"}
    assert sorted(rows(info)) == [
        ["U13", "N10", "11/11/2019 9:05:58 AM", "click"],
        ["U13", "N11", "11/11/2019 9:05:58 AM", "click"],
        ["U13", "N42", "11/11/2019 09:05:57 AM", "history"],
        ["U13", "N55", "11/11/2019 09:05:56 AM", "history"],
        ["U91", "N21", "11/12/2019 6:11:30 PM", "click"],
    ]


def test_damaged_behaviors_keep_a_row(look: Look) -> None:
    damaged = "4\t\t11/12/2019 9:00:00 PM\tN1\tN40-1\n5\tU5\t11/12/2019 9:00:00 PM\t\t\n"
    made = rows(look("behaviors.tsv", BEHAVIORS + damaged))
    assert ["", "N40", "11/12/2019 9:00:00 PM", "click"] in made
    assert ["U5", "", "11/12/2019 9:00:00 PM", "click"] in made
    assert len(made) == 7


def test_behaviors_without_clicks_are_left_out(look: Look) -> None:
    info = look("behaviors.tsv", "1\tU13\t11/11/2019 9:05:58 AM\tN55\tN10 N35\n")
    assert info.told == "MIND behaviors without clicks: tab-separated, no header"
    assert info.kind is FileKind.OTHER


@pytest.mark.parametrize("entities", ["[]", '[{"Label": "Door", "Type": "O"}]'])
def test_news(look: Look, entities: str) -> None:
    first = ["N55", "lifestyle", "royals", '"Wheels" turn, they say', 'Shop "now', "https://x/1.html"]
    second = ["N42", "health", "weight", "Plain", "", "https://x/2.html"]
    lines = ["\t".join([*row, entities, "[]"]) for row in (first, second)]
    info = look("news.tsv", "\n".join(lines) + "\n")
    assert info.told == "MIND news: tab-separated, no header"
    assert info.kind is FileKind.ITEMS
    assert dict(info.guess.fields) == {
        "item": "news_id",
        "title": "title",
        "text": "abstract",
        "category": "category",
    }
    assert rows(info) == [[*first, entities, "[]"], [*second, entities, "[]"]]


def test_other_tables_are_not_mind(look: Look) -> None:
    assert look("log.tsv", "1\tU13\t2019-11-11\tN55\tN10-1\n").published is None
    assert look("log.tsv", "N1\ta\tb\tc\td\te\tf\tg\nN2\ta\tb\tc\td\te\tf\tg\n").published is None
