"""What kind of file a log is: its format, its columns and a first look at its values."""

from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from recsys_core.errors import InputError
from recsys_core.logs.heads import DEEP_ROWS, SAMPLE_ROWS, Head, is_parquet, parquet_head, text_head
from recsys_core.logs.published.published import Published
from recsys_core.logs.published.recognising import recognise
from recsys_core.logs.published.viewing import viewed
from recsys_core.logs.reading import DateOrder, FileKind, LogFormat, Reading
from recsys_core.logs.roles import NAMED, RoleGuess, guess_roles

__all__ = ["FileInfo", "FileKind", "LogFormat", "detect"]

_PLAIN = {
    LogFormat.CSV: ("csv", "tsv"),
    LogFormat.TSV: ("csv", "tsv"),
    LogFormat.JSONL: ("json",),
    LogFormat.PARQUET: ("parquet",),
}
"""The kinds of a file that may be said to be plain: then it is taken for no published format."""


@dataclass(frozen=True)
class FileInfo:
    """A look into a file.

    ``name``: as people know it, which for a file of an archive is not its place on the disk. ``head``: how
    to read it. ``published``: its format, where that is a known one. ``sample``: up to 200 rows (more where
    one row of the file holds several events), every column as text, "" where empty. ``guess``: which
    column plays which role. ``size``: bytes on disk. ``reading``: what people chose for it.
    """

    path: Path
    name: str
    head: Head
    published: Published | None
    sample: pd.DataFrame
    kind: FileKind
    guess: RoleGuess
    size: int
    reading: Reading

    @property
    def columns(self) -> tuple[str, ...]:
        """Column names, in order."""
        return tuple(self.sample.columns)

    @property
    def view(self) -> str:
        """SQL that makes events of the rows of the file, "" where each row is one."""
        return self.published.view if self.published else ""

    @property
    def told(self) -> str:
        """The format in words, e.g. "MIND behaviors: tab-separated, gzip"."""
        known = f"{self.published.name}: " if self.published else ""
        return known + ", ".join([_layout(self.head), *([self.head.packing] if self.head.packing else [])])


def detect(path: Path | str, reading: Reading | None = None, name: str = "") -> FileInfo:
    """Look into a file. Raises InputError where there is none, where it is empty or has no rows, where it is
    neither delimited text, JSON nor Parquet, or where its first 20,000 rows tell of no item.

    ``name``: what to call it, by default its own name.
    """
    path, reading = Path(path), reading or Reading()
    name = name or path.name
    if not path.is_file():
        what = "is a folder, not a file" if path.is_dir() else "does not exist"
        what = "is no plain file" if path.exists() and not path.is_dir() else what
        raise InputError(f"The file {str(path)!r} {what}.", "Check the path.")
    size = path.stat().st_size
    if size == 0:
        raise InputError(f"{name} is empty.", "Export the log again; it needs a header and rows.")
    try:
        head = _head(path, name, reading)
    except OSError as error:
        raise InputError(
            f"{name} cannot be read: {error.strerror}.", "Check whether you may read it."
        ) from error
    if head.sample.empty:
        raise InputError(f"{name} has a header but no rows.", "Export the log again with its rows.")
    known = None if reading.format in _PLAIN else recognise(name, head)
    _check_format(name, head, known, reading.format)
    if known is not None:
        return _known_file(path, name, head, known, size, reading)
    sample = head.sample
    named = head.has_header or head.kind in ("json", "parquet")
    guess = guess_roles(list(sample.columns), sample, named)
    return FileInfo(path, name, head, None, sample, _kind(name, guess), guess, size, reading)


def _head(path: Path, name: str, reading: Reading, most: int = SAMPLE_ROWS) -> Head:
    return parquet_head(path, name, most) if is_parquet(path) else text_head(path, name, reading, most)


def _known_file(path: Path, name: str, head: Head, known: Published, size: int, reading: Reading) -> FileInfo:
    head, sample = _events(head, known)
    if sample.empty:
        head, sample = _events(_head(path, name, reading, DEEP_ROWS), known)
    if sample.empty:
        raise InputError(
            f"None of the first {len(head.sample):,} rows of {name} ({known.name}) tells of an item.",
            "Check that the export holds events with items, or put those first.",
        )
    roles = _played(known, sample)
    guess = RoleGuess(roles, dict.fromkeys(roles, NAMED))
    if reading.dates is DateOrder.AUTO:
        reading = replace(reading, dates=known.dates)
    return FileInfo(path, name, head, known, sample, known.kind, guess, size, reading)


def _played(known: Published, sample: pd.DataFrame) -> dict[str, str]:
    """The roles whose column is there; of several text columns those that are."""
    there = {
        role: ",".join(column for column in columns.split(",") if column in sample)
        for role, columns in known.roles.items()
    }
    return {role: columns for role, columns in there.items() if columns}


def _events(head: Head, known: Published) -> tuple[Head, pd.DataFrame]:
    """The head with the columns that the format has, and what its rows are as events."""
    if known.columns and not head.has_header:
        head = head.renamed(known.columns)
    head = head.with_columns(known.needed)
    return head, viewed(head.sample, known.view)


def _kind(name: str, guess: RoleGuess) -> FileKind:
    if "user" in guess.fields and "item" in guess.fields:
        return FileKind.INTERACTIONS
    if "user" in guess.fields and _tells_of_people(name, guess):
        return FileKind.PEOPLE
    named = any(word in name.lower() for word in ("item", "meta", "movies", "catalog", "product"))
    described = "title" in guess.fields or "text" in guess.fields
    return FileKind.ITEMS if "item" in guess.fields and (described or named) else FileKind.INTERACTIONS


def _tells_of_people(name: str, guess: RoleGuess) -> bool:
    """Whether a file with users and no items is a table of them, not a log whose item has an odd name."""
    called = any(word in name.lower() for word in ("user", "people", "person", "customer", "member"))
    return called or not {"time", "event", "weight", "session"} & set(guess.fields)


def _layout(head: Head) -> str:
    if head.kind == "parquet":
        return "Parquet"
    encoding = "" if head.encoding == "utf-8" else f", {head.encoding}"
    if head.kind == "json":
        return {"lines": "JSON lines", "list": "a JSON list", "python": "Python literals"}[
            head.layout
        ] + encoding
    letters = {"\t": "tab", ",": "comma", ";": "semicolon", " ": "space", "\x01": "Ctrl-A"}
    header = "" if head.has_header else ", no header"
    return f"{letters.get(head.delimiter, head.delimiter)}-separated{header}{encoding}"


def _check_format(name: str, head: Head, known: Published | None, format: LogFormat) -> None:
    if format is LogFormat.AUTO or (known is not None and known.format is format):
        return
    if head.kind in _PLAIN.get(format, ()):
        return
    looks = known.name if known else {"json": "jsonl"}.get(head.kind, head.kind)
    raise InputError(
        f"{name} was said to be {format} but looks like {looks}.",
        "Say auto to let Driftmap look, or check that it is the right file.",
    )
