"""The first rows of a file and how the rest of it is to be read."""

import codecs
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from recsys_core.errors import InputError
from recsys_core.logs.delimiters import Dialect, find_dialect
from recsys_core.logs.encodings import UTF_8, decode, guess_encoding, open_bytes, packing
from recsys_core.logs.json_samples import cell_text, json_sample
from recsys_core.logs.reading import Reading
from recsys_core.logs.roles import ALL_ALIASES, plain_name

SAMPLE_ROWS = 200
DEEP_ROWS = 20_000
"""How far to look where the first rows hold no event."""

KNOWN_FORMATS = "Driftmap reads delimited text, JSON lines and Parquet, plain or packed as gz, zst or zip"
_ROW_BYTES = 1280
_MOST_CONTROL = 0.02
_NUMBER = re.compile(r"[-+]?[\d.:-]*\d[\d.:-]*")
_VALUE = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2}[/.]\d{1,2}[/.]\d|[\[{]|https?://")
_DIGITS = re.compile(r"\d+")
_FOREIGN = {
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"Rar!": "a RAR archive",
    b"SQLite": "an SQLite database",
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"<!DOC": "a web page",
    b"<html": "a web page",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
}


@dataclass(frozen=True)
class Head:
    """``kind``: csv, tsv, json or parquet. ``sample``: ≤ 200 rows of text, "" where empty.

    ``packing``: gzip, zstd or None. ``delimiter`` and ``quote`` ("" for none) matter for csv and tsv.
    ``encoding``: a Python codec. ``layout`` of json: ``lines``, ``list`` (one JSON list) or ``python``
    (Python literals, as in the Amazon metadata of 2014).
    """

    kind: str
    sample: pd.DataFrame
    packing: str | None = None
    delimiter: str = ","
    quote: str = '"'
    has_header: bool = True
    encoding: str = "utf-8"
    layout: str = "lines"

    def renamed(self, columns: Sequence[str]) -> "Head":
        """The same head with other names for the columns."""
        return replace(self, sample=self.sample.set_axis(list(columns), axis="columns"))

    def with_columns(self, needed: Sequence[str]) -> "Head":
        """The same head with empty columns for those of ``needed`` that the sample lacks."""
        lacking = {column: "" for column in needed if column not in self.sample}
        return replace(self, sample=self.sample.assign(**lacking)) if lacking else self


def is_parquet(path: Path) -> bool:
    """Whether the file begins as Parquet does."""
    with path.open("rb") as file:
        return file.read(4) == b"PAR1"


def parquet_head(path: Path, name: str, most: int = SAMPLE_ROWS) -> Head:
    """The first ``most`` rows of a Parquet file; lists and structs as JSON.

    Raises InputError where it is damaged.
    """
    try:
        with pq.ParquetFile(path) as file:
            batch = next(file.iter_batches(most), None)
            table = pa.Table.from_batches([batch] if batch is not None else [], file.schema_arrow)
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{name} is a damaged Parquet file.", "Export it again.") from error
    _check_names(name, table.column_names)
    rows = [[cell_text(value) for value in row.values()] for row in table.to_pylist()]
    return Head("parquet", pd.DataFrame(rows, columns=table.column_names, dtype="str"))


def text_head(path: Path, name: str, reading: Reading, most: int = SAMPLE_ROWS) -> Head:
    """The first ``most`` rows of a text file, or as many as lie in 1280 bytes for each.

    Raises InputError where it is not text, or its packing is damaged.
    """
    raw, whole = _first_bytes(path, name, most * _ROW_BYTES)
    packed = packing(path)
    _refuse_foreign(name, raw)
    encoding = reading.encoding or guess_encoding(raw)
    if encoding == UTF_8 and raw.startswith(codecs.BOM_UTF8) and raw[3:].lstrip()[:1] in (b"{", b"["):
        encoding = "utf-8-sig"  # DuckDB takes the mark for a part of the first object
    try:
        text = decode(raw, encoding)
    except UnicodeError as error:
        raise InputError(f"{name} is not text in {encoding}: {error}.", "Take another encoding.") from error
    _refuse_binary(name, text)
    lines = text if whole else text[: max(text.rfind("\n"), text.rfind("\r")) + 1]
    if not lines.strip() and not whole:
        raise InputError(
            f"The first line of {name} is longer than {most * _ROW_BYTES // 1000} kB.",
            "A log has one event on each line; check what was exported.",
        )
    if not lines.strip():
        raise InputError(f"{name} is empty.", "Export the log again; it needs a header and rows.")
    if lines.lstrip()[:1] in ("{", "[") and not reading.delimiter:
        layout, sample = json_sample(name, text, whole, most)
        _check_names(name, list(sample.columns))
        return Head("json", sample, packed, encoding=encoding, layout=layout)
    dialect = find_dialect(name, lines, reading.delimiter)
    rows = dialect.rows(name, lines, most + 1)
    return _delimited_head(name, rows, dialect, packed, encoding)


def _delimited_head(
    name: str, rows: Sequence[list[str]], dialect: Dialect, packed: str | None, encoding: str
) -> Head:
    has_header = _looks_like_header(rows)
    names = [cell.strip() or f"column_{n}" for n, cell in enumerate(rows[0], start=1)]
    if has_header:
        _check_names(name, names)
    else:
        names = [f"column_{n + 1}" for n in range(len(rows[0]))]
    body = [row for row in rows[has_header:] if len(row) == len(names)]
    if has_header and len(rows) > 1 and not body:
        raise InputError(
            f"No row of {name} has {len(names)} cells, as its header has; the first has {len(rows[1])}.",
            "Check the delimiter, and that every quotation mark is closed.",
        )
    sample = pd.DataFrame(body, columns=names, dtype="str")
    kind = "tsv" if dialect.delimiter == "\t" else "csv"
    return Head(kind, sample, packed, dialect.delimiter, dialect.quote, has_header, encoding)


def _check_names(name: str, names: Sequence[str]) -> None:
    """Names that differ only in upper and lower case are one to DuckDB."""
    plain = [column.casefold() for column in names]
    twice = next((column for column in plain if plain.count(column) > 1), None)
    if twice is not None:
        found = [(n, column) for n, column in enumerate(names, start=1) if column.casefold() == twice]
        where = " and ".join(str(n) for n, _ in found)
        told = " or ".join(dict.fromkeys(repr(column) for _, column in found))
        raise InputError(
            f"{name} has more than one column {told} (columns {where}).", "Rename or remove all but one."
        )


def _first_bytes(path: Path, name: str, size: int) -> tuple[bytes, bool]:
    """The first bytes, unpacked, and whether they are the whole file."""
    try:
        with open_bytes(path) as file:
            return file.read(size), not file.read(1)
    except (OSError, EOFError, zlib.error, pa.ArrowException) as error:
        what = packing(path) or "text"
        raise InputError(
            f"{name} is a damaged or cut-off {what} file.", "Download or export it again."
        ) from error


def _refuse_foreign(name: str, raw: bytes) -> None:
    for start, what in _FOREIGN.items():
        if raw.startswith(start):
            raise InputError(f"{name} is {what}, not a log.", f"{KNOWN_FORMATS}; convert it first.")


def _refuse_binary(name: str, text: str) -> None:
    control = sum(letter < " " and letter not in "\t\r\n\x01\x0b\x0c" for letter in text)
    if control > _MOST_CONTROL * len(text) or text.count("\ufffd") > 0.1 * len(text):
        raise InputError(f"{name} is a binary file, not a log.", f"{KNOWN_FORMATS}.")


def _looks_like_header(rows: Sequence[list[str]]) -> bool:
    """Known column names say so, but one alone may be a value beside a number: a film of the genre Action.

    Otherwise a header has no number, time or list in it, no cell twice, and none that is made like the
    cells below it.
    """
    cells = [cell.strip() for cell in rows[0]]
    n_known = sum(plain_name(cell) in ALL_ALIASES for cell in cells)
    numbers = any(_NUMBER.fullmatch(cell) for cell in cells)
    if n_known:
        return n_known > 1 or not numbers
    filled = [cell for cell in cells if cell]
    values = numbers or any(_VALUE.match(cell) for cell in filled)
    return not (values or len(set(filled)) < len(filled) or _like_the_rest(cells, rows[1:]))


def _like_the_rest(cells: Sequence[str], rows: Sequence[list[str]]) -> bool:
    """Whether a cell with digits differs only in its digits from most cells below it, as N12 from N7."""
    for place, cell in enumerate(cells):
        made = _DIGITS.sub("0", cell)
        below = [_DIGITS.sub("0", row[place].strip()) for row in rows if place < len(row)]
        if "0" in made and below.count(made) > len(below) / 2:
            return True
    return False
