import pandas as pd
import pytest

from recsys_core.errors import InputError
from recsys_core.logs.roles import REQUIRED, ColumnRoles, RoleGuess, guess_roles, parse_map, settle_roles


def guess(*columns: str) -> RoleGuess:
    return guess_roles(columns, pd.DataFrame([["x"] * len(columns)], columns=list(columns), dtype="str"))


@pytest.mark.parametrize(
    "columns",
    [
        ("user_id", "item_id", "timestamp"),
        ("userId", "movieId", "timestamp"),
        ("reviewerID", "asin", "unixReviewTime"),
        ("user_id:token", "item_id:token", "timestamp:float"),
        ("user_id", "parent_asin", "timestamp"),
        ("Customer ID", "SKU", "Created At"),
    ],
)
def test_names_say_the_roles(columns: tuple[str, str, str]) -> None:
    assert guess(*columns) == RoleGuess(
        dict(zip(("user", "item", "time"), columns, strict=True)), {"user": 1.0, "item": 1.0, "time": 1.0}
    )


def test_parent_asin_goes_before_asin() -> None:
    assert guess("asin", "parent_asin", "title").fields == {"item": "parent_asin", "title": "title"}


def test_a_rating_is_a_weight() -> None:
    assert guess("userId", "movieId", "rating", "timestamp").fields["weight"] == "rating"


def test_a_word_in_a_longer_name_tells_the_role_less_surely() -> None:
    sample = pd.DataFrame(
        [["a", "7", "2013-06-01", "x"]],
        columns=["visitor_key", "prodCode product", "SoldDate", "upload_day"],
        dtype="str",
    )
    found = guess_roles(list(sample.columns), sample)
    assert found.fields == {"user": "visitor_key", "item": "prodCode product", "time": "SoldDate"}
    assert set(found.confidence.values()) == {0.8}


def test_an_unknown_time_column_is_found_by_its_values() -> None:
    sample = pd.DataFrame({"user": ["a"], "item": ["7"], "zeit": ["2013-06-01"]}, dtype="str")
    found = guess_roles(list(sample.columns), sample)
    assert found.fields["time"] == "zeit"
    assert found.confidence["time"] == 0.5


def test_without_names_the_values_say_the_roles() -> None:
    sample = pd.DataFrame([["1", "2", "5", "978300760"]], columns=["c1", "c2", "c3", "c4"], dtype="str")
    assert guess_roles(list(sample.columns), sample, named=False).fields == {
        "user": "c1",
        "item": "c2",
        "time": "c4",
    }


def test_missing_roles_are_told() -> None:
    assert guess("user_id", "note").missing == ("item", "time")


def test_parse_map() -> None:
    assert parse_map(["user=uid", " time = when ", "text=a", "text=b"]) == {
        "user": "uid",
        "time": "when",
        "text": "a,b",
    }


@pytest.mark.parametrize(
    ("pair", "message"),
    [
        ("user", "'user' maps nothing"),
        ("user=", "maps nothing"),
        ("who=uid", "'who' is not a role of a column"),
    ],
)
def test_parse_map_refuses(pair: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        parse_map([pair])


def test_the_map_corrects_the_guess() -> None:
    columns = ("user_id", "account", "item_id", "ts")
    roles = settle_roles("log.csv", columns, guess(*columns), {"user": "account"}, REQUIRED)
    assert roles == ColumnRoles(user="account", item="item_id", time="ts")
    assert roles.as_dict() == {"user": "account", "item": "item_id", "time": "ts"}


def test_a_column_taken_by_the_map_loses_its_guessed_role() -> None:
    columns = ("user_id", "item_id", "ts", "name")
    roles = settle_roles("log.csv", columns, guess(*columns), {"item": "name", "title": ""}, REQUIRED)
    assert roles == ColumnRoles(user="user_id", item="name", time="ts")


def test_a_mapped_column_must_be_there() -> None:
    columns = ("user_id", "item_id", "ts")
    with pytest.raises(InputError, match=r"'uid', which was mapped to user\. It has: user_id"):
        settle_roles("log.csv", columns, guess(*columns), {"user": "uid"}, REQUIRED)


def test_a_needed_role_must_be_played() -> None:
    columns = ("user_id", "item_id")
    with pytest.raises(InputError, match=r"looks like the time\. It has: user_id, item_id\."):
        settle_roles("log.csv", columns, guess(*columns), {}, REQUIRED)
