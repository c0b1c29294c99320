import gzip

import pytest

from recsys_core.logs.formats import FileKind
from recsys_core.logs.heads import Head
from tests.logs.published.conftest import Look, rows

ROLES = {"user": "userId", "item": "movieId", "weight": "rating", "time": "timestamp"}
FILM_ROLES = {"item": "movieId", "title": "title", "category": "genres"}
FLAGS = {
    name: place for place, name in enumerate(("unknown", "Action", "Adventure", "Animation", "Children's"))
}


def film_100k(number: int, title: str, *genres: str) -> str:
    flags = ["0"] * 19
    for genre in genres:
        flags[FLAGS[genre]] = "1"
    return f"{number}|{title}|01-Jan-1995||http://us.imdb.com/M/title-exact?{number}|{'|'.join(flags)}\n"


def test_100k_ratings(look: Look) -> None:
    info = look("u.data", "196\t242\t3\t881250949\n186\t302\t3\t891717742\n")
    assert info.told == "MovieLens 100K ratings: tab-separated, no header"
    assert (info.kind, dict(info.guess.fields)) == (FileKind.INTERACTIONS, ROLES)
    assert info.columns == ("userId", "movieId", "rating", "timestamp")
    assert rows(info) == [["196", "242", "3", "881250949"], ["186", "302", "3", "891717742"]]


def test_100k_films_in_latin_1(look: Look) -> None:
    content = (
        film_100k(1, "Été à la mer, L' (1995)", "Animation", "Children's")
        + film_100k(2, "Golden, Door (1995)", "Action")
        + film_100k(3, "Lost (1995)", "unknown")
    )
    info = look("u.item", content.encode("latin-1"))
    assert info.told == "MovieLens 100K movies: |-separated, no header, cp1252"
    assert (info.kind, dict(info.guess.fields)) == (FileKind.ITEMS, FILM_ROLES)
    assert info.columns == ("movieId", "title", "release_date", "imdb_url", "genres")
    url = "http://us.imdb.com/M/title-exact?"
    assert rows(info) == [
        ["1", "Été à la mer, L' (1995)", "01-Jan-1995", f"{url}1", "Animation|Children's"],
        ["2", "Golden, Door (1995)", "01-Jan-1995", f"{url}2", "Action"],
        ["3", "Lost (1995)", "01-Jan-1995", f"{url}3", ""],
    ]


@pytest.mark.parametrize("stars", ["5", "3.5"])
def test_1m_ratings(look: Look, stars: str) -> None:
    info = look("ratings.dat.gz", gzip.compress(f"1::1193::{stars}::978300760\r\n".encode(), mtime=0))
    assert info.told == "MovieLens ratings: ::-separated, no header, gzip"
    assert (info.kind, dict(info.guess.fields)) == (FileKind.INTERACTIONS, ROLES)
    assert rows(info) == [["1", "1193", stars, "978300760"]]


def test_1m_films_in_latin_1(look: Look) -> None:
    content = "9::Ménage, Le: Part 2 (1995)::Action\n10::Plain (1996)::Comedy|Sci-Fi\n"
    info = look("movies.dat", content.encode("latin-1"))
    assert info.told == "MovieLens movies: ::-separated, no header, cp1252"
    assert (info.kind, dict(info.guess.fields)) == (FileKind.ITEMS, FILM_ROLES)
    assert rows(info) == [
        ["9", "Ménage, Le: Part 2 (1995)", "Action"],
        ["10", "Plain (1996)", "Comedy|Sci-Fi"],
    ]


def test_latest_ratings(look: Look) -> None:
    info = look("ratings.csv", "\ufeffuserId,movieId,rating,timestamp\r\n1,307,3.5,1256677221\r\n")
    assert info.told == "MovieLens ratings: comma-separated"
    assert (info.kind, dict(info.guess.fields)) == (FileKind.INTERACTIONS, ROLES)
    assert rows(info) == [["1", "307", "3.5", "1256677221"]]


def test_latest_films(look: Look) -> None:
    content = 'movieId,title,genres\n1,"Door, The (1995)",Comedy|Drama\n2,Nothing (2001),(no genres listed)\n'
    info = look("movies.csv", content)
    assert info.told == "MovieLens movies: comma-separated"
    assert (info.kind, dict(info.guess.fields)) == (FileKind.ITEMS, FILM_ROLES)
    assert info.columns == ("movieId", "title", "genres")
    assert rows(info) == [["1", "Door, The (1995)", "Comedy|Drama"], ["2", "Nothing (2001)", ""]]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("tags.csv", "userId,movieId,tag,timestamp\n14,110,epic,1443148538\n", "MovieLens tags"),
        ("tags.dat", "15::4973::excellent!::1215184630\n", "MovieLens tags"),
        ("links.csv", "movieId,imdbId,tmdbId\n1,0114709,862\n", "MovieLens links"),
        ("genome-scores.csv", "movieId,tagId,relevance\n1,1,0.029\n", "MovieLens tag genome"),
        ("genome-tags.csv", "tagId,tag\n1,007\n2,18th century\n", "MovieLens tag genome"),
    ],
)
def test_what_is_left_out(look: Look, name: str, content: str, told: str) -> None:
    info = look(name, content)
    assert info.told.startswith(told + ": ")
    assert info.kind is FileKind.OTHER
    assert info.published is not None
    assert "left out" in info.published.note


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("log.tsv", "196\t242\t3\t1725148800\n186\t302\t3\t1725148801\n"),  # not of 1997
        ("log.tsv", "196\t242\t30\t881250949\n186\t302\t3\t881250949\n"),  # no stars
        ("shop.csv", "userId,movieId,rating,timestamp,price\n1,307,3.5,1256677221,9.99\n"),
        ("pipes.txt", "a|24|X|technician|85711\n"),
    ],
)
def test_other_files_are_not_movielens(look: Look, name: str, content: str) -> None:
    assert look(name, content).published is None


def test_the_name_is_the_last_hint(look: Look) -> None:
    content = "196\t242\t3\t1725148800\n"
    assert look("ua.base", content).told == "MovieLens 100K ratings: tab-separated, no header"
    assert isinstance(look("ub.log", "196\tx\t3\t1725148800\n").head, Head)
