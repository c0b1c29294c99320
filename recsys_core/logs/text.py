"""Text of items as people would write it: no HTML, no control characters, one kind of space."""

import html
import json
import re
import unicodedata

LONGEST = 4000
"""Characters of an item's text that are kept; no encoder reads further."""

_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}>|<!--.*?-->", re.DOTALL)
_HIDDEN = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_MISSING = frozenset({"nan", "null", "none", r"\n", "n/a", "[]", "{}"})


def clean_text(text: str) -> str:
    """``text`` with HTML entities (once or twice encoded) and tags resolved, control and hidden characters
    removed, in Unicode NFC, with single spaces; "" for what exports write where nothing is known.
    """
    if "&" in text:
        text = html.unescape(html.unescape(text))
    if "<" in text:
        text = _TAG.sub(" ", text)
    if not text.isascii():
        text = unicodedata.normalize("NFC", _HIDDEN.sub("", text))
    text = " ".join(_CONTROL.sub(" ", text).split())
    return "" if text.lower() in _MISSING else text


def clean_list(text: str) -> str:
    """Several values in one cell, written as a JSON or Python list or with ``|``, joined by ", "."""
    text = text.strip()
    if text.startswith("["):
        try:
            values = json.loads(text)
        except ValueError:
            values = re.sub(r"[\[\]\"']", "", text).split(",")
        return ", ".join(filter(None, (clean_text(value) for value in _flat(values))))
    return ", ".join(filter(None, (clean_text(part) for part in text.split("|"))))


def clean_cell(text: str) -> str:
    """A cell of text, which may be a list of paragraphs."""
    return clean_list(text) if text.startswith("[") else clean_text(text)


def item_text(*parts: str) -> str:
    """What the encoder reads of an item: its parts, without empty and repeated ones, joined by ". "."""
    different = list(dict.fromkeys(part.rstrip(" .") for part in parts if part.strip(" .")))
    return ". ".join(different)[:LONGEST]


def _flat(values: object) -> list[str]:
    if isinstance(values, list):
        return [text for value in values for text in _flat(value)]
    return [] if values is None else [str(values)]
