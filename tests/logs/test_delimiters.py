import pytest

from recsys_core.errors import InputError
from recsys_core.logs.delimiters import DELIMITERS, Dialect, find_dialect

ROWS = [["user", "item", "time"], ["u1", "i1", "978300760"], ["u2", "i2", "978300761"]]


def joined(delimiter: str, rows: list[list[str]]) -> str:
    return "".join(delimiter.join(row) + "\n" for row in rows)


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", DELIMITERS)
def test_each_delimiter_is_found(delimiter: str, ending: str) -> None:
    text = joined(delimiter, ROWS).replace("\n", ending)
    dialect = find_dialect("log", text)
    assert dialect.delimiter == delimiter
    assert dialect.rows("log", text, 3) == ROWS
    assert dialect.rows("log", text, 2) == ROWS[:2]


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("user;item;time;price\nu1;i1;2024-01-31 12:00;3,50\nu2;i2;2024-01-31 12:00;4,50\n", ";"),
        ("user|title|time\nu1|Up, up and away|1\nu2|Down, down|2\n", "|"),
        ("1::Door, The: Part 2 (1995)::Comedy|Drama\n2::Other (1996)::Comedy|Drama\n", "::"),
        ("user\ttitle\ttime\nu1\tone, two\t1\nu2\tthree, four\t2\n", "\t"),
    ],
)
def test_other_marks_in_the_cells_do_not_mislead(text: str, delimiter: str) -> None:
    assert find_dialect("log", text).delimiter == delimiter


@pytest.mark.parametrize("delimiter", [",", ";", "|", "\t", "^", "~"])
def test_quoted_cells_hold_delimiters_and_line_breaks(delimiter: str) -> None:
    cell = f'up{delimiter}{delimiter} and\n""away""{delimiter}'
    text = joined(delimiter, [["user", "title", "time"], ["u1", f'"{cell}"', "1"], ["u2", '"x"', "2"]])
    dialect = find_dialect("log", text)
    assert (dialect.delimiter, dialect.quote) == (delimiter, '"')
    assert dialect.rows("log", text, 3)[1:] == [["u1", cell.replace('""', '"'), "1"], ["u2", "x", "2"]]


def test_stray_quotation_marks_between_tabs_are_letters() -> None:
    text = '1\t"Wheels" turn\t7\n2\t"never closed\t8\n3\t5" nails\t9\n4\tplain\t10\n'
    dialect = find_dialect("log", text)
    assert dialect == Dialect("\t", "")
    assert [row[1] for row in dialect.rows("log", text, 9)] == [
        '"Wheels" turn',
        '"never closed',
        '5" nails',
        "plain",
    ]


@pytest.mark.parametrize("delimiter", ["\t", " "])
def test_columns_wholly_in_quotes_are_quoted(delimiter: str) -> None:
    text = joined(delimiter, [['"user"', '"item"', '"time"'], ['"u1"', '"i1"', "7"], ['"u2"', '"i2"', "8"]])
    dialect = find_dialect("log", text)
    assert dialect == Dialect(delimiter, '"')
    assert dialect.rows("log", text, 2) == [["user", "item", "time"], ["u1", "i1", "7"]]


def test_a_given_delimiter_is_taken() -> None:
    assert find_dialect("log", "a,b;c\n1,2;3\n", ";").delimiter == ";"
    with pytest.raises(InputError, match="has only one column"):
        find_dialect("log", "a,b\n1,2\n", ";")


def test_one_column_is_refused() -> None:
    with pytest.raises(InputError, match="log has only one column") as caught:
        find_dialect("log", "user\n1\n2\n")
    assert caught.value.remedy


def test_blank_lines_are_passed_over() -> None:
    assert Dialect(",", '"').rows("log", "\n\na,b\n\n1,2\n", 9) == [["a", "b"], ["1", "2"]]
    assert Dialect("::", "").rows("log", "a::b\r\n\r\n1::2\r\n", 9) == [["a", "b"], ["1", "2"]]
