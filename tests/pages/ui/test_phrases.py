import pytest

from pages.ui.phrases import (
    called,
    count,
    in_chart,
    listed,
    most_of,
    p_value,
    percent,
    plain,
    points,
    shorten,
    spoken,
    spread,
)


@pytest.mark.parametrize(
    ("fraction", "text"), [(0.14, "14 %"), (0.0041, "0.4 %"), (0.0, "0 %"), (1.0, "100 %"), (-0.123, "-12 %")]
)
def test_percent(fraction: float, text: str) -> None:
    assert percent(fraction) == text


def test_numbers_for_reading() -> None:
    assert count(1204) == "1,204"
    assert spread(0.14, 0.12, 0.16) == "14 % ± 2 %"
    assert points(0.06) == "+6 points"
    assert points(-0.004) == "-0.4 points"
    assert (p_value(0.0003), p_value(0.0213)) == ("< 0.001", "0.021")
    assert (most_of(0.8, "people"), most_of(1.0, "people")) == ("80 % of people", "nearly all people")


def test_lists_and_long_labels() -> None:
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert listed(["a"]) == "a"
    assert shorten("short") == "short"
    assert shorten("Organic green tea powder 100 g", 16) == "Organic…r 100 g"


def test_text_from_a_log_cannot_format_the_page() -> None:
    assert plain("[x](#a) *b* $1$ `c` <b> &lt;") == r"\[x\]\(\#a\) \*b\* \$1\$ \`c\` \<b\> \&lt;"
    assert called("Tea, cup") == "*Tea · cup*"


@pytest.mark.parametrize(
    ("text", "parted"),
    [
        ("https://a.org", r"https\::small[]//a.org"),
        ("www.a.org", "www:small[].a.org"),
        ("ana@a.org", "ana:small[]@a.org"),
        (":smile:", r"\::small[]smile\:"),
        ("a -> b", r"a -:small[]\> b"),
        ("tea: green", r"tea\: green"),
    ],
)
def test_what_streamlit_would_make_of_plain_text_is_parted(text: str, parted: str) -> None:
    assert plain(text) == parted
    assert spoken(plain(text)) == text


@pytest.mark.parametrize(
    ("text", "line"),
    [("1. a", r"1\. a"), ("- a", r"\- a"), ("===", r"\==="), ("a\n\n# b", r"a \# b")],
)
def test_text_from_a_log_begins_no_list_and_no_line(text: str, line: str) -> None:
    assert plain(text) == line


def test_characters_that_disguise_what_follows_are_seen() -> None:
    assert (
        plain("a\u202egnp.exe\x00")
        == in_chart("a\u202egnp.exe\x00")
        == "a\N{REPLACEMENT CHARACTER}gnp.exe\N{REPLACEMENT CHARACTER}"
    )
    assert plain("\u05d0\u200f 👩\u200d🍳") == "\u05d0\u200f 👩\u200d🍳"


def test_text_from_a_log_is_no_tag_and_no_template_of_a_chart() -> None:
    assert in_chart("<a href='x'>%{y} &lt;") == "&lt;a href='x'&gt;%&#123;y} &amp;lt;"


def test_a_sentence_is_spoken_without_its_marks() -> None:
    assert spoken(f"Score: *{plain('run *1* <b>')}* reaches **0.5**") == "Score: run *1* <b> reaches 0.5"
