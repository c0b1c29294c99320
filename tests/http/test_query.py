import pytest

from recsys_core.http.problems import Problem
from recsys_core.http.query import Query

GOOD = [("dataset", "shop"), ("domain", "kitchen"), ("user", "u1")]


def test_what_is_not_said_is_left_to_the_workspace() -> None:
    assert Query.read(GOOD) == Query("shop", "kitchen", "u1", (), None, 10, None, None)


def test_everything_can_be_said() -> None:
    given = [*GOOD[:2], ("items", "a, b,,c"), ("k", "3"), ("run", "run-1"), ("version", "2")]
    assert Query.read(given) == Query("shop", "kitchen", None, ("a", "b", "c"), None, 3, "run-1", 2)


@pytest.mark.parametrize(
    ("given", "detail"),
    [
        (GOOD[1:], "The parameter dataset is missing or empty."),
        ([*GOOD[1:], ("dataset", " ")], "The parameter dataset is missing or empty."),
        (GOOD[:2], "Nobody was named to recommend for."),
        ([*GOOD, ("text", "tea")], "user and text were named to recommend for."),
        ([*GOOD, ("user", "u2")], "The parameter user is given more than once."),
        ([*GOOD, ("limit", "3")], "There is no parameter 'limit'."),
        ([*GOOD, ("k", "ten")], "k is 'ten'."),
        ([*GOOD, ("k", "0")], "k is '0'."),
        ([*GOOD, ("k", "٣")], "k is '٣'."),
        ([*GOOD, ("version", "9" * 5000)], f"version is '{'9' * 20}'."),
        ([*GOOD[:2], ("items", " , ")], "items names 0 items."),
        ([*GOOD[:2], ("items", ",".join("x" * 101))], "items names 101 items."),
        ([*GOOD[:2], ("user", "a\0b")], "The parameter user has a NUL character."),
    ],
)
def test_what_cannot_be_understood_is_told(given: list[tuple[str, str]], detail: str) -> None:
    with pytest.raises(Problem) as caught:
        Query.read(given)
    assert (caught.value.status, caught.value.detail) == (400, detail)
    assert caught.value.remedy
