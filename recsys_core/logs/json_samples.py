"""The first objects of a JSON file, whichever way they are written one after the other."""

import ast
import json
from collections.abc import Iterator
from typing import Any

import pandas as pd

from recsys_core.errors import InputError


def json_sample(name: str, text: str, whole: bool, most: int) -> tuple[str, pd.DataFrame]:
    """The layout of a JSON file (``lines``, ``list`` or ``python``) and the first ``most`` objects in it, a
    row of text each, nested values as JSON; ``whole``: whether ``text`` is not cut off.

    Raises InputError where no line is an object.
    """
    layout = "list" if text.lstrip().startswith("[") else "lines"
    objects = list(_listed(text) if layout == "list" else _objects(text, whole, json.loads))
    if not objects and layout == "lines":
        layout, objects = "python", list(_objects(text, whole, ast.literal_eval))
    if not objects:
        raise InputError(
            f"No line of {name} is a JSON object.", "Write one object per line, each on one line."
        )
    rows = [{str(key): cell_text(value) for key, value in row.items()} for row in objects[:most]]
    sample = pd.DataFrame(rows, dtype="object").fillna("").astype("str")
    return layout, sample


def _objects(text: str, whole: bool, parse: Any) -> Iterator[dict[str, Any]]:
    lines = text.split("\n")  # U+2028 and its like may stand in a text
    for line in lines if whole else lines[:-1]:
        try:
            row = parse(line)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue
        if isinstance(row, dict) and _is_text(row):
            yield row


def _is_text(row: dict[str, Any]) -> bool:
    """Whether no text in it is half a letter, as a surrogate by itself is."""
    try:
        json.dumps(row, ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError:
        return False
    return True


def _listed(text: str) -> Iterator[dict[str, Any]]:
    """The objects of a JSON list that may be cut off."""
    decoder, position = json.JSONDecoder(), text.index("[") + 1
    while True:
        while text[position : position + 1] in " \t\r\n," and position < len(text):
            position += 1
        try:
            row, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            return
        if isinstance(row, dict) and _is_text(row):
            yield row


def cell_text(value: object) -> str:
    """A value of JSON or Parquet as the text of a cell; lists and objects as JSON."""
    if value is None:
        return ""
    if isinstance(value, (dict, list, bool)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)
