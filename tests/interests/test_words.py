import pytest

from recsys_core.interests.words import singular, terms_of, title_case


def _keys(text: str) -> list[str]:
    return [term.key for term in terms_of(text)]


def test_measures_digits_stop_words_and_entities_leave_nothing_behind() -> None:
    assert _keys("The Tea &amp; 2-Ounce Bags (Pack of 6), 12oz") == ["tea", "bag"]


def test_neighbouring_words_make_a_pair_but_not_across_a_comma() -> None:
    assert _keys("Slow cooker, Lid") == ["slow", "cooker", "slow cooker", "lid"]


def test_plural_and_singular_are_one_term_shown_as_written() -> None:
    cherries, _, _ = terms_of("Cherries jars")
    assert (cherries.key, cherries.surface, cherries.first) == ("cherry", "Cherries", True)


@pytest.mark.parametrize(
    ("plural", "expected"),
    [("berries", "berry"), ("dishes", "dish"), ("glass", "glass"), ("pies", "pie"), ("teas", "tea")],
)
def test_singular(plural: str, expected: str) -> None:
    assert singular(plural) == expected


def test_chinese_gives_runs_of_two_to_four_characters() -> None:
    assert _keys("手冲咖啡") == ["手冲", "冲咖", "咖啡", "手冲咖", "冲咖啡", "手冲咖啡"]


def test_japanese_gives_katakana_words_and_kanji_without_the_grammar() -> None:
    assert _keys("コーヒーを飲む") == ["コーヒー"]
    assert _keys("抹茶のケーキ") == ["抹茶", "ケーキ"]


def test_title_case_keeps_short_capitals() -> None:
    assert title_case("LED reading lamp") == "LED Reading Lamp"
