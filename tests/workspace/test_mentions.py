import pytest

from recsys_core.workspace.mentions import Mentions

pytestmark = pytest.mark.one_database  # opens no catalogue


@pytest.mark.parametrize("text", ["ann", "ann,x,soon", '"ann"', "x;ann", '{"user": "ann"}', "ann@shop.org"])
def test_an_id_that_is_a_word_of_its_own(text: str) -> None:
    assert Mentions(("ann",)).sure(text)


@pytest.mark.parametrize("text", ["", "anna", "joann", "Ann", "ann_2", "soon"])
def test_other_words(text: str) -> None:
    assert not Mentions(("ann",)).sure(text)


def test_short_numbers_are_not_found_inside_longer_ones() -> None:
    assert [Mentions(("7",)).sure(text) for text in ("7,x", "007", "17", "2013-7-1")] == [
        True,
        False,
        False,
        True,
    ]


def test_an_id_with_marks_is_found_as_csv_and_json_write_it() -> None:
    assert Mentions(('a"n',)).sure('"a""n",x')
    assert Mentions(('a"n',)).sure(r'{"user": "a\"n"}')
    assert Mentions(("zoé",)).sure(r'{"user": "zo\u00e9"}')
    assert Mentions(("(a+b)",)).sure("x(a+b)y")


def test_a_text_that_was_cut_off_in_the_id_is_doubtful() -> None:
    cut = Mentions(("ann@shop.org",))
    assert not cut.sure("x,y,ann@sh")
    assert [cut.possible(text) for text in ("x,y,ann@sh", "ann@sh,x", "x,y,joann@sh", "")] == [
        True,
        False,
        False,
        False,
    ]
