"""What kind of file a log is: its format, its columns and a first look at its values."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import pandas as pd

from recsys_core.errors import InputError
from recsys_core.logs.heads import Head, parquet_head, text_head
from recsys_core.logs.roles import RoleGuess, guess_roles


class LogFormat(StrEnum):
    """What the user says a file is; ``auto`` looks into it."""

    AUTO = "auto"
    CSV = "csv"
    TSV = "tsv"
    JSONL = "jsonl"
    PARQUET = "parquet"
    MOVIELENS = "movielens"
    AMAZON = "amazon"
    MIND = "mind"
    RECBOLE = "recbole"

    @classmethod
    def parse(cls, text: str) -> "LogFormat":
        """The format by its name. Raises InputError naming the formats there are."""
        try:
            found = cls(text.strip().lower())
        except ValueError as error:
            raise InputError(f"{text!r} is not a format.", f"Take one of: {', '.join(cls)}.") from error
        if found is cls.MIND:
            raise InputError(
                "MIND files (behaviors.tsv, news.tsv) cannot be read yet: one row holds many clicks.",
                "Write one row per click with the columns user_id, item_id and timestamp, import that as "
                "CSV, and news.tsv as items with the columns item_id, category and title.",
            )
        return found


class FileKind(StrEnum):
    """What a file tells of."""

    INTERACTIONS = "interactions"
    ITEMS = "items"


@dataclass(frozen=True)
class FileInfo:
    """A look into a file.

    ``head``: how to read it; ``sample``: up to 200 rows, every column as text, "" where empty; ``guess``:
    which column plays which role; ``size``: bytes on disk.
    """

    path: Path
    head: Head
    kind: FileKind
    guess: RoleGuess
    size: int

    @property
    def format(self) -> LogFormat:
        """How the file is written."""
        return LogFormat(self.head.kind)

    @property
    def columns(self) -> tuple[str, ...]:
        """Column names in order of the file."""
        return tuple(self.head.sample.columns)

    @property
    def sample(self) -> pd.DataFrame:
        """Up to 200 rows, every column as text."""
        return self.head.sample


def detect(path: Path | str, format: LogFormat = LogFormat.AUTO) -> FileInfo:
    """Look into a file. Raises InputError where there is none, where it is empty or has no rows, or where
    it is neither CSV, TSV, JSON lines nor Parquet (gzipped or not).
    """
    path = Path(path)
    if not path.is_file():
        what = "is a folder, not a file" if path.is_dir() else "does not exist"
        raise InputError(f"The file {str(path)!r} {what}.", "Check the path.")
    size = path.stat().st_size
    if size == 0:
        raise InputError(f"{path.name} is empty.", "Export the log again; it needs a header and rows.")
    head = parquet_head(path) if _is_parquet(path) else text_head(path)
    _check_format(path, head, format)
    if not head.has_header:
        head = head.renamed(_known_columns(format, head.sample))
    if head.sample.empty:
        raise InputError(f"{path.name} has a header but no rows.", "Export the log again with its rows.")
    guess = guess_roles(list(head.sample.columns), head.sample, named=_is_named(head))
    return FileInfo(path, head, _kind(path, guess), guess, size)


def _is_parquet(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"PAR1"


def _kind(path: Path, guess: RoleGuess) -> FileKind:
    if "user" in guess.fields and "item" in guess.fields:
        return FileKind.INTERACTIONS
    named = any(word in path.name.lower() for word in ("item", "meta", "movies", "catalog"))
    described = "title" in guess.fields or "text" in guess.fields
    return FileKind.ITEMS if "item" in guess.fields and (described or named) else FileKind.INTERACTIONS


def _is_named(head: Head) -> bool:
    return not all(column.startswith("column_") for column in head.sample.columns)


def _known_columns(format: LogFormat, sample: pd.DataFrame) -> Sequence[str]:
    """The columns of published files that come without a header."""
    width = sample.shape[1]
    if format is LogFormat.MOVIELENS:
        rest = ("genres",) if width == 3 else tuple(f"column_{i}" for i in range(3, width + 1))
        return ("userId", "movieId", "rating", "timestamp") if width == 4 else ("movieId", "title", *rest)
    if format is LogFormat.AMAZON and width == 4:
        item_first = sample.iloc[:, 0].str.fullmatch(r"[0-9B][0-9A-Z]{9}").mean() > 0.5
        user_item = ("asin", "reviewerID") if item_first else ("reviewerID", "asin")
        return (*user_item, "overall", "unixReviewTime")
    return list(sample.columns)


def _check_format(path: Path, head: Head, format: LogFormat) -> None:
    plain = (LogFormat.CSV, LogFormat.TSV, LogFormat.JSONL, LogFormat.PARQUET)
    text = (LogFormat.CSV, LogFormat.TSV)
    same = format == head.kind or (format in text and head.kind in text)
    if format in plain and not same:
        raise InputError(
            f"{path.name} was said to be {format} but looks like {head.kind}.",
            f"Say {head.kind}, or auto to let Driftmap look.",
        )
