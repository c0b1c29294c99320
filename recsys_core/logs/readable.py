"""A log file as DuckDB can read it to its end: the file itself, or a copy that says the same."""

import ast
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from recsys_core.errors import InputError
from recsys_core.logs.encodings import UTF_8, is_utf8, open_bytes, spoilt, write_utf8
from recsys_core.logs.formats import FileInfo
from recsys_core.logs.heads import Head
from recsys_core.logs.looking_through import Look, look_through
from recsys_core.logs.original import LONGEST_LINE, joined

LONGEST_OBJECT: Final = 8 * LONGEST_LINE
"""Bytes of a JSON object that a reader takes."""
_LIMITED_LOOK = 1 << 26
"""Bytes to look at before only some rows are read."""


def as_duckdb_reads(info: FileInfo, copy: Path, whole: bool) -> Path:
    """The file itself, or else ``copy``: the same in UTF-8 or JSON, or with one kind of line end, or a link
    to it, since DuckDB reads ``*?[`` in a path as wildcards. ``whole``: whether all of it is to be read.

    Raises InputError where the file is cut off, its packing is damaged or a line is too long to be one.
    """
    path, head = info.path.resolve(), info.head
    look = _look(info, path, None if whole else _LIMITED_LOOK)
    if head.layout == "list" and whole and look.last != b"]":
        raise InputError(f"The JSON list in {info.name} has no end: it was cut off.", "Export it again.")
    if head.layout == "python":
        _write_json(path, head.encoding, copy)
    elif head.kind in ("csv", "tsv") and look.mixed_ends:
        _write_even(path, head, copy)
    elif head.kind == "json" and head.encoding == UTF_8 and not look.utf8:
        _write_valid(path, copy)
    elif head.kind != "parquet" and head.encoding != UTF_8:
        write_utf8(path, head.encoding, copy)
    elif any(letter in str(path) for letter in "*?["):
        copy.symlink_to(path)
    else:
        return path
    return copy


def _look(info: FileInfo, path: Path, most: int | None) -> Look:
    if info.head.kind == "parquet":
        return Look()
    if info.head.kind == "json":
        longest = LONGEST_OBJECT if info.head.layout == "lines" else None
        return look_through(path, info.name, most, longest, as_utf8=True)
    return look_through(path, info.name, most, LONGEST_LINE)


def _write_json(source: Path, encoding: str, target: Path) -> None:
    """Lines of Python literals as JSON lines; a line that is none stays, and is set aside by the reader."""
    with open_bytes(source) as lines, target.open("w", encoding=UTF_8) as file:
        for line in _text_lines(lines, encoding):
            try:
                file.write(json.dumps(ast.literal_eval(line), ensure_ascii=False) + "\n")
            except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
                file.write(json.dumps(line.strip()) + "\n")


def _write_even(source: Path, head: Head, target: Path) -> None:
    """A delimited text with one kind of line end, in UTF-8; line ends inside quotes stay as they are."""
    with (
        open_bytes(source) as packed,
        target.open("w", encoding=UTF_8, errors="surrogateescape", newline="") as file,
    ):
        lines = io.TextIOWrapper(packed, head.encoding, spoilt(), newline="")
        for _, text, _ in joined(lines, head.quote, head.delimiter):
            file.write(text.rstrip("\r\n") + "\n")


def _write_valid(source: Path, target: Path) -> None:
    """JSON lines that are UTF-8, and for each other one a text, which is no object and set aside: DuckDB
    would take its wrong bytes for letters.
    """
    with open_bytes(source) as lines, target.open("wb") as file:
        for line in lines:
            file.write(line if is_utf8(line) else b'""\n')


def _text_lines(lines: Iterator[bytes], encoding: str) -> Iterator[str]:
    for line in lines:
        yield line.decode(encoding, "replace")
