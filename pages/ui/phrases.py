"""Numbers, lists and text from logs as people read them."""

import re
from collections.abc import Sequence
from typing import Final


def count(n: float) -> str:
    """1204 → "1,204"."""
    return f"{n:,.0f}"


def percent(fraction: float, digits: int = 0) -> str:
    """A fraction in [0, 1] → "14 %"; small ones keep a digit, so that something is never "0 %"."""
    value = 100 * fraction
    if digits == 0 and 0 < abs(value) < 1:
        digits = 1
    return f"{value:.{digits}f} %"


def points(fraction: float) -> str:
    """A difference of fractions → "+6 points"; below one point with a digit."""
    value = 100 * fraction
    return f"{value:+.{0 if abs(value) >= 1 else 1}f} points"


def spread(share: float, low: float, high: float) -> str:
    """A share with its interval → "14 % ± 2 %"."""
    return f"{percent(share)} ± {percent((high - low) / 2)}"


def p_value(p: float) -> str:
    """0.0003 → "< 0.001"; 0.0213 → "0.021"."""
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def most_of(fraction: float, whom: str) -> str:
    """0.8 → "80 % of people"; close to 1 → "nearly all people"."""
    return f"nearly all {whom}" if fraction >= 0.995 else f"{percent(fraction)} of {whom}"


def listed(names: Sequence[str], last: str = "and") -> str:
    """("a", "b", "c") → "a, b and c"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"


def called(name: str) -> str:
    """The name of an interest inside a sentence, where its commas would read as a list; for Markdown."""
    return f"*{plain(name.replace(', ', ' · '))}*"


def shorten(text: str, longest: int = 32) -> str:
    """Long labels lose their middle: "Organic gr…powder 100 g"."""
    if len(text) <= longest:
        return text
    tail = (longest - 1) // 2
    return f"{text[: longest - 1 - tail].rstrip()}…{text[len(text) - tail :].lstrip()}"


def plain(text: str) -> str:
    """Text from a log, made safe to stand inside Markdown: it is read as it was written.

    Streamlit makes links, icons and arrows of what Markdown leaves as text, too; an empty directive between
    the characters keeps it from that, and is not seen.
    """
    line = _SPACE.sub(" ", _DISGUISED.sub("\N{REPLACEMENT CHARACTER}", text)).strip(" ")
    escaped = "".join(f"\\{c}" if c in _MARKUP else c for c in line)
    return _MAGIC.sub(_NOTHING, _BEGINS.sub(r"\1\\", escaped))


def spoken(markdown: str) -> str:
    """The words of a sentence in Markdown, made with ``plain`` and stars, without its marks."""
    return _MARKED.sub(lambda found: found[1] or "", markdown)


def in_chart(text: object) -> str:
    """Text from a log, made safe to stand in a chart: Plotly reads tags, entities and %{…}."""
    line = _DISGUISED.sub("\N{REPLACEMENT CHARACTER}", str(text))
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("%{", "%&#123;")


_SPACE: Final = re.compile(r"[ \t\r\n\f\v\u2028\u2029]+")
_MARKUP: Final = frozenset(r"\`*_{}[]()#+!|<>$~:&")
_NOTHING: Final = ":small[]"
_MAGIC: Final = re.compile(r"(?<=:)(?=\S)|(?<=[wW]{3})(?=\.)|(?<=\S)(?=@)|(?<=[-<>~])(?=\\?[-=>])")
"""Where ``https://``, ``:icon:``, ``www.``, ``name@host`` and ``->`` are parted."""
_BEGINS: Final = re.compile(r"^(\d+(?=\.)|(?=[-=]))")
"""What would begin a list, a line or a heading."""
_MARKED: Final = re.compile(r":small\[\]|\\(.)|\*+")
_DISGUISED: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
"""Control characters and those that turn the direction of what follows."""
