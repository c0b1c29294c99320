import pytest

from pages.ui.phrases import called, count, listed, most_of, p_value, percent, plain, points, shorten, spread


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
    assert plain("[x](http://a) *b* $1$ :red[c]") == "\\[x\\]\\(http\\://a\\) \\*b\\* \\$1\\$ \\:red\\[c\\]"
    assert called("Tea, cup") == "*Tea · cup*"
