import pytest

from recsys_core.logs.text import clean_cell, clean_list, clean_text, item_text


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Ben &amp; Jerry&#39;s", "Ben & Jerry's"),
        ("Salt &amp;amp; Pepper", "Salt & Pepper"),
        ("<b>Green</b> tea<br/>matcha", "Green tea matcha"),
        ("cups < 5 and > 3", "cups < 5 and > 3"),
        ("tab\there\x00 and\u200b there ", "tab here and there"),
        ("cafe\u0301", "café"),
        ("NaN", ""),
        ("   ", ""),
    ],
)
def test_clean_text(text: str, clean: str) -> None:
    assert clean_text(text) == clean


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Action|Sci-Fi", "Action, Sci-Fi"),
        ('["Grocery", ["Tea &amp; Coffee"]]', "Grocery, Tea & Coffee"),
        ("['Home', 'Kitchen']", "Home, Kitchen"),
        ("[]", ""),
    ],
)
def test_clean_list(text: str, clean: str) -> None:
    assert clean_list(text) == clean


def test_a_pipe_in_a_description_stays() -> None:
    assert clean_cell("red | green") == "red | green"


def test_item_text_joins_what_is_there_once() -> None:
    assert item_text("Matcha.", "", "Green tea", "Matcha") == "Matcha. Green tea"
    assert item_text("", "") == ""
