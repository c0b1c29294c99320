"""The first rows of a file and how the rest of it is to be read."""

import codecs
import csv
import gzip
import io
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from recsys_core.errors import InputError

SAMPLE_ROWS = 200
_HEAD_BYTES = 1 << 18
_DELIMITERS = ("\t", "::", ",", ";", "|")
_KNOWN_FORMATS = "Driftmap reads CSV, TSV, JSON lines and Parquet, gzipped or not"
_FOREIGN = {
    b"PK\x03\x04": "a ZIP archive or an Excel workbook",
    b"\x28\xb5\x2f\xfd": "a zstd archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"SQLite": "an SQLite database",
    b"%PDF": "a PDF",
    b"<!DOC": "a web page",
    b"<html": "a web page",
}


@dataclass(frozen=True)
class Head:
    """``kind``: csv, tsv, jsonl or parquet. ``sample``: ≤ 200 rows of text, "" where empty. ``delimiter``
    and ``quote`` ("" for none) matter for csv and tsv; ``encoding`` is utf-8, utf-16 or latin-1.
    """

    kind: str
    sample: pd.DataFrame
    gzipped: bool = False
    delimiter: str = ","
    quote: str = '"'
    has_header: bool = True
    encoding: str = "utf-8"

    def renamed(self, columns: Sequence[str]) -> "Head":
        """The same head with other names for the columns."""
        return replace(self, sample=self.sample.set_axis(list(columns), axis="columns"))


def parquet_head(path: Path) -> Head:
    """The head of a Parquet file. Raises InputError where it is damaged."""
    try:
        with pq.ParquetFile(path) as file:
            batch = next(file.iter_batches(SAMPLE_ROWS), None)
            table = pa.Table.from_batches([batch] if batch is not None else [], file.schema_arrow)
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{path.name} is a damaged Parquet file.", "Export it again.") from error
    rows = [["" if value is None else str(value) for value in row.values()] for row in table.to_pylist()]
    return Head("parquet", pd.DataFrame(rows, columns=table.column_names, dtype="str"))


def text_head(path: Path) -> Head:
    """The head of a text file. Raises InputError where it is not text, or a truncated gzip."""
    raw, gzipped, whole = _first_bytes(path)
    text, encoding = _decode(path, raw)
    lines = text if whole else text[: text.rfind("\n") + 1]
    if not lines.strip():
        raise InputError(f"{path.name} is empty.", "Export the log again; it needs a header and rows.")
    if lines.lstrip()[:1] in ("{", "["):
        return Head("jsonl", _json_sample(path, lines), gzipped, encoding=encoding)
    delimiter = _delimiter(path, lines)
    quote = '"' if delimiter == "," or f'{delimiter}"' in lines or lines.startswith('"') else ""
    rows = _rows(path, lines, delimiter, quote)
    has_header = _looks_like_header(rows[0])
    names = _unique(rows[0]) if has_header else [f"column_{i + 1}" for i in range(len(rows[0]))]
    body = [row for row in rows[has_header : SAMPLE_ROWS + 1] if len(row) == len(names)]
    kind = "tsv" if delimiter == "\t" else "csv"
    sample = pd.DataFrame(body, columns=names, dtype="str")
    return Head(kind, sample, gzipped, delimiter, quote, has_header, encoding)


def _first_bytes(path: Path) -> tuple[bytes, bool, bool]:
    with path.open("rb") as file:
        raw = file.read(_HEAD_BYTES)
    if raw[:2] != b"\x1f\x8b":
        return raw, False, path.stat().st_size <= _HEAD_BYTES
    try:
        with gzip.open(path) as file:
            raw = file.read(_HEAD_BYTES)
            return raw, True, not file.read(1)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(
            f"{path.name} is a damaged or cut-off gzip file.", "Download or export it again."
        ) from error


def _decode(path: Path, raw: bytes) -> tuple[str, str]:
    for start, name in _FOREIGN.items():
        if raw.startswith(start):
            raise InputError(f"{path.name} is {name}, not a log.", f"{_KNOWN_FORMATS}; convert it first.")
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", errors="ignore"), "utf-16"
    if b"\0" in raw:
        raise InputError(f"{path.name} is a binary file, not a log.", f"{_KNOWN_FORMATS}.")
    try:
        decoder = codecs.getincrementaldecoder("utf-8-sig")()
        return decoder.decode(raw), "utf-8"  # a character cut at the end of what was read is left out
    except UnicodeDecodeError:
        return raw.decode("latin-1"), "latin-1"


def _delimiter(path: Path, text: str) -> str:
    first = text.splitlines()[0]
    found = next((delimiter for delimiter in _DELIMITERS if delimiter in first), None)
    if found is None:
        raise InputError(
            f"{path.name} has only one column, or none that can be told apart: {first[:60]!r}.",
            f"{_KNOWN_FORMATS}; a log needs at least a user, an item and a time column.",
        )
    return found


def _rows(path: Path, text: str, delimiter: str, quote: str) -> list[list[str]]:
    if len(delimiter) > 1:
        return [line.split(delimiter) for line in text.splitlines()[: SAMPLE_ROWS + 1] if line]
    lines = io.StringIO(text, newline="")
    if quote:
        reader = csv.reader(lines, delimiter=delimiter)
    else:
        reader = csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    try:
        rows = [row for row, _ in zip(reader, range(SAMPLE_ROWS + 1), strict=False) if row]
    except csv.Error as error:
        raise InputError(
            f"{path.name} is not a well-formed CSV file: {error}.", "Export it again."
        ) from error
    return rows


def _looks_like_header(cells: Sequence[str]) -> bool:
    return not any(cell.strip().replace(".", "").replace("-", "").isdecimal() for cell in cells)


def _unique(names: Sequence[str]) -> list[str]:
    """Column names without surrounding space; empty and repeated ones get a number."""
    unique: list[str] = []
    for position, name in enumerate(names, start=1):
        plain = name.strip() or f"column_{position}"
        unique.append(plain if plain not in unique else f"{plain}_{position}")
    return unique


def _json_sample(path: Path, text: str) -> pd.DataFrame:
    if text.lstrip()[0] == "[":
        raise InputError(
            f"{path.name} is one JSON list.", "Write JSON lines: one object per line, without the brackets."
        )
    rows = []
    for line in text.splitlines():
        try:
            row = json.loads(line)
        except json.JSONDecodeError:
            continue
        if isinstance(row, dict):
            rows.append({str(key): _json_text(value) for key, value in row.items()})
    if not rows:
        raise InputError(
            f"No line of {path.name} is a JSON object.", "Write one object per line, each on one line."
        )
    return pd.DataFrame(rows).fillna("").astype("str").head(SAMPLE_ROWS)


def _json_text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
