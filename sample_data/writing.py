"""Titles and one-line descriptions, written from the vocabulary of a theme.

A line such as ``"{Who} must {goal}."`` is filled from the theme's word lists, whose entries may hold
slots themselves. A slot with a capital gives a capitalised phrase, ``{noun}s`` the plural, and
``{person}``, ``{first}``, ``{last}`` the names of invented people.
"""

import re
import tomllib
from dataclasses import dataclass
from typing import Final

from sample_data import FOLDER
from sample_data.draws import Deck, Draws

_SLOT: Final = re.compile(r"\{(\w+)\}(s\b)?")
_ARTICLE: Final = re.compile(r"\b([Aa]) (?=[aeiouAEIOU])(?!uni|Uni|one|Euro)")
_TWICE: Final = re.compile(r"\b([Tt])he the\b")
_PERSON: Final = re.compile(r"\{(first|last|person)2?\}", re.IGNORECASE)


@dataclass(frozen=True)
class Theme:
    """One theme: its key, its name, the domains that have it, and the words to write it with."""

    key: str
    name: str
    domains: tuple[str, ...]
    titles: dict[str, list[str]]
    lines: dict[str, list[str]]
    words: dict[str, list[str]]


def read_themes() -> dict[str, Theme]:
    """Every theme of ``themes/*.toml`` by its key, in alphabetical order."""
    themes = {}
    people = tomllib.loads((FOLDER / "people.toml").read_text(encoding="utf-8"))
    for path in sorted((FOLDER / "themes").glob("*.toml")):
        made = tomllib.loads(path.read_text(encoding="utf-8"))
        words = {**made["words"], **people}
        themes[path.stem] = Theme(
            path.stem, made["name"], tuple(made["domains"]), made["titles"], made["lines"], words
        )
    return themes


class Writer:
    """Writes the titles and descriptions of one theme in one domain."""

    def __init__(self, theme: Theme, domain: str, draws: Draws) -> None:
        self._titles = Deck(theme.titles.get("any", []) + theme.titles.get(domain, []), draws)
        self._lines = Deck(theme.lines.get("any", []) + theme.lines.get(domain, []), draws)
        self._words = {slot: Deck(words, draws) for slot, words in theme.words.items()}

    def title(self) -> str:
        """The next title."""
        return _capitalised(self._filled(self._titles.deal()))

    def description(self) -> str:
        """The next one-line description."""
        return _capitalised(self._filled(self._lines.deal()))

    def person(self) -> str:
        """An invented name, "First Last"."""
        return f"{self._words['first'].deal()} {self._words['last'].deal()}"

    def _filled(self, line: str) -> str:
        while _SLOT.search(line):
            line = _SLOT.sub(self._phrase, line)
        return _TWICE.sub(r"\1he", _ARTICLE.sub(r"\1n ", line))

    def _phrase(self, slot: re.Match[str]) -> str:
        name, plural = slot.group(1), slot.group(2)
        if _PERSON.fullmatch(f"{{{name}}}"):
            kind = name.lower().rstrip("2")
            return (self.person() if kind == "person" else self._words[kind].deal()) + (plural or "")
        phrase = self._words[name.lower() if name.lower() in self._words else name].deal()
        phrase = _plural(phrase) if plural else phrase
        return _capitalised(phrase) if name[0].isupper() else phrase


def _plural(word: str) -> str:
    if word.endswith("y") and word[-2] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "sh", "ch", "x")) else "s")


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
