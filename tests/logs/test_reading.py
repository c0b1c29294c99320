import pytest

from recsys_core.errors import InputError
from recsys_core.logs.reading import DateOrder, LogFormat, Reading, TimeUnit


def test_choices_are_read_from_words() -> None:
    chosen = Reading.parse("MovieLens", "Latin-1", r"\t", "Europe/Paris", "day-first", "seconds")
    assert chosen == Reading(
        LogFormat.MOVIELENS, "iso8859-1", "\t", "Europe/Paris", DateOrder.DAY_FIRST, TimeUnit.SECONDS
    )
    assert Reading.parse() == Reading()


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"format": "xml"}, "'xml' is not a format. Take one of: auto, csv"),
        ({"encoding": "klingon"}, "no text encoding 'klingon'"),
        ({"zone": "Mars/Base"}, "no time zone 'Mars/Base'"),
        ({"zone": "../etc/passwd"}, "no time zone"),
        ({"dates": "year-first"}, "'year-first' is no order of dates"),
        ({"unit": "days"}, "'days' is no unit of time"),
    ],
)
def test_what_does_not_exist_is_refused(choice: dict[str, str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        Reading.parse(**choice)
