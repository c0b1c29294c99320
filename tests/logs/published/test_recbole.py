import pytest

from recsys_core.logs.formats import FileKind
from tests.logs.published.conftest import Look, rows


def test_interactions(look: Look) -> None:
    content = "user_id:token\titem_id:token\trating:float\ttimestamp:float\n196\t242\t3\t881250949\n"
    info = look("ml-100k.inter", content)
    assert info.told == "RecBole interactions: tab-separated"
    assert info.kind is FileKind.INTERACTIONS
    assert dict(info.guess.fields) == {
        "user": "user_id:token",
        "item": "item_id:token",
        "weight": "rating:float",
        "time": "timestamp:float",
    }
    assert info.columns == ("user_id:token", "item_id:token", "rating:float", "timestamp:float")
    assert rows(info) == [["196", "242", "3", "881250949"]]


@pytest.mark.parametrize(
    ("header", "title", "category"),
    [
        ("item_id:token\tmovie_title:token_seq\trelease_year:token\tclass:token_seq", "movie_title", "class"),
        ("item_id:token\ttitle:token_seq\tprice:float\tgenre:token_seq", "title", "genre"),
    ],
)
def test_items(look: Look, header: str, title: str, category: str) -> None:
    info = look("ml-100k.item", header + '\n1\tGolden "Door\t1995\tComedy Drama\n2\tOther\t1996\t\n')
    assert info.told == "RecBole items: tab-separated"
    assert info.kind is FileKind.ITEMS
    assert dict(info.guess.fields) == {
        "item": "item_id:token",
        "title": f"{title}:token_seq",
        "category": f"{category}:token_seq",
    }
    assert rows(info) == [["1", 'Golden "Door', "1995", "Comedy Drama"], ["2", "Other", "1996", ""]]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.kg", "head_id:token\trelation_id:token\ttail_id:token\nm.1\tof\tm.2\n", "RecBole links"),
        ("a.link", "item_id:token\tentity_id:token\n1\tm.2\n", "RecBole links"),
    ],
)
def test_what_is_left_out(look: Look, name: str, content: str, told: str) -> None:
    info = look(name, content)
    assert info.told == f"{told}: tab-separated"
    assert info.kind is FileKind.OTHER
    assert info.published is not None
    assert "left out" in info.published.note


def test_users_are_people(look: Look) -> None:
    info = look("a.user", "user_id:token\tage:token\tgender:token\n1\t24\tM\n")
    assert info.told == "RecBole users: tab-separated"
    assert (info.kind, dict(info.guess.fields)) == (FileKind.PEOPLE, {"user": "user_id:token"})


def test_one_column_without_type_is_not_recbole(look: Look) -> None:
    info = look("log.tsv", "user_id:token\titem_id:token\ttimestamp\n196\t242\t881250949\n")
    assert info.published is None
    assert info.guess.fields["user"] == "user_id:token"
