"""From an item's text to the terms that could name an interest."""

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

_WORD = re.compile(r"\w+(?:['’]\w+)*")
_UNSPACED = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+|[\u30a1-\u30fa\u30fc]+|[\u0e00-\u0e7f]+")
_GAP = re.compile(r"[\s\-/&]+")
_HIRAGANA = re.compile(r"[\u3041-\u309f]+")
_KATAKANA: Final = ("\u30a1", "\u30fc")
_LONGEST_RUN = 4
_SHORT_WORDS: Final = frozenset({"tv", "pc", "dj", "ai"})

_MEASURES = """
    ounce fluid gram kilogram pound inch foot feet meter metre liter litre quart qt gallon pint watt volt
    degree pack packed package packaging packet count piece pcs pair case lot bulk size sized sizes small
    medium large xlarge extra mini jumbo big huge long short tall wide full half quarter single double
    triple dozen one two three four five six seven eight nine ten twelve set assorted assortment variety
    value bundle refill color colour black white red blue green pink purple yellow brown gray grey orange
    silver gold clear ivory beige tan multi new best great good premium deluxe classic original genuine
    official brand quality product item style edition version series model type pro plus ultra super use
    easy perfect ideal includes include including design designed various
    amazon inc ltd llc corp company international usa exclusive discontinued manufacturer
    com www http https twin serve service
"""
_COMMON = """
    make makes made come comes coming get gets getting go goes going let lets take takes taking want wants
    need needs like likes just way ways thing things year years day days time times story stories tale
    tales follows follow finds find found turns turn must learn learns know knows life lives people person
    man woman world first last best old young great little really eat ready
"""

_FAINT = """
    bag box jar bottle pouch can canister tin carton tub jug bucket container sachet wrapper portion brewer
    organic natural certified fresh pure real healthy free kit system unit machine gift holiday home
    assorted special portable electric electronic automatic digital professional collection
"""


@dataclass(frozen=True)
class Term:
    """One or two words, or a run of a script without spaces.

    ``key``: what counts as the same term (lower case, singular), words joined by a space.
    ``surface``: as written. ``first``: whether it opens the text, where brands stand.
    """

    key: str
    surface: str
    first: bool


def terms_of(text: str) -> Iterator[Term]:
    """The terms of one text, in order, repeats included.

    HTML entities are resolved and the text normalised (NFKC). Words and pairs of neighbouring words
    for scripts with spaces, without English stop words, measures and anything with a digit; pairs do
    not reach across what was left out. Runs of two to four characters for Chinese and Thai, whole
    katakana words for Japanese (hiragana, which carries the grammar, separates).
    """
    text = unicodedata.normalize("NFKC", html.unescape(html.unescape(text)))
    before: Term | None = None
    end = 0
    for position, match in enumerate(_WORD.finditer(text)):
        word = match.group()
        if _UNSPACED.search(word) or _HIRAGANA.search(word):
            yield from _runs(word, first=position == 0)
            before = None
            continue
        term = _word(word, first=position == 0)
        if term is not None:
            yield term
            if before is not None and before.key != term.key and _GAP.fullmatch(text, end, match.start()):
                yield Term(f"{before.key} {term.key}", f"{before.surface} {term.surface}", before.first)
        before, end = term, match.end()


def title_case(surface: str) -> str:
    """How a term is shown: "green tea" → "Green Tea"; short words in capitals stay ("LED", "DVD")."""
    words = (word if word.isupper() and len(word) <= 4 else word.capitalize() for word in surface.split(" "))
    return " ".join(words)


def is_unspaced(key: str) -> bool:
    """Whether a key comes from a script without spaces (Chinese, katakana, Thai)."""
    return _UNSPACED.match(key) is not None


@cache
def singular(word: str) -> str:
    """A rough English singular, the same for both forms: "berries" → "berry", "dishes" → "dish"."""
    if len(word) <= 3 or word.endswith(("ss", "us", "is")) or not word.endswith("s"):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y" if len(word) > 4 else word[:-1]
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    return word[:-1]


def _word(word: str, first: bool) -> Term | None:
    plain = word.replace("’", "'").removesuffix("'s").removesuffix("'S")
    lower = plain.casefold()
    key = singular(lower)
    if (len(lower) < 3 and lower not in _SHORT_WORDS) or any(c.isdigit() or c == "_" for c in lower):
        return None
    if lower in _silent() or key in _silent():
        return None
    return Term(key, plain, first)


def _runs(word: str, first: bool) -> Iterator[Term]:
    for match in _UNSPACED.finditer(word):
        run = match.group()
        opens = first and match.start() == 0
        if _KATAKANA[0] <= run[0] <= _KATAKANA[1]:
            if len(run) > 1:
                yield Term(run, run, opens)
            continue
        for length in range(2, min(_LONGEST_RUN, len(run)) + 1):
            for start in range(len(run) - length + 1):
                piece = run[start : start + length]
                yield Term(piece, piece, opens and start == 0)


@cache
def faint_words() -> frozenset[str]:
    """Keys of words that say little by themselves but may belong to a pair ("bag" in "tea bag")."""
    return frozenset(_FAINT.split())


@cache
def _silent() -> frozenset[str]:
    """Words that never name an interest: English stop words, measures, packaging, praise."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    return frozenset(ENGLISH_STOP_WORDS) | frozenset(_MEASURES.split()) | frozenset(_COMMON.split())
