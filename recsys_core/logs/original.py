"""Where the rows of a file stand in it: line numbers and the lines themselves, for those that are bad."""

import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet as pq

from recsys_core.logs.encodings import open_bytes
from recsys_core.logs.formats import FileInfo
from recsys_core.logs.quarantine import LONGEST_TEXT

LONGEST_LINE = 2_000_000
"""Bytes of a line that a reader takes."""


@dataclass(frozen=True)
class Original:
    """``line``: from 1, of the first line of the row; in a JSON list and in Parquet the number of the row.
    ``text``: the row as it stands in the file. ``open``: whether a quotation in it is never closed.
    """

    line: int
    text: str
    open: bool = False


def find_rows(info: FileInfo, rows: Sequence[int], records: Sequence[int]) -> dict[int, Original]:
    """Where ``rows`` stand in the file: numbers from 0 of rows as the reader gave them, ascending.

    ``records``: numbers from 1 of the records that the reader rejected, which are no rows; blank lines and
    the header count as records but are no rows either.
    """
    if info.head.kind == "parquet":
        return _parquet_rows(info, rows)
    if info.head.layout == "list":
        return {row: Original(row + 1, "") for row in rows}
    found = {}
    wanted, rejected = iter(rows), set(records)
    target, row = next(wanted, None), -1
    for number, original in enumerate(_records(info), start=1):
        if target is None:
            break
        if number in rejected or not original.text.strip() or (number == 1 and _has_header(info)):
            continue
        row += 1
        if row == target:
            found[row] = original
            target = next(wanted, None)
    return found


def find_records(info: FileInfo, records: Sequence[int]) -> dict[int, Original]:
    """Where the records with these numbers, from 1, stand in the file."""
    wanted, last = set(records), max(records, default=0)
    numbered = zip(range(1, last + 1), _records(info), strict=False)
    return {number: original for number, original in numbered if number in wanted}


def _has_header(info: FileInfo) -> bool:
    return info.head.kind != "json" and info.head.has_header


def _records(info: FileInfo) -> Iterator[Original]:
    """The records of a text file: lines, joined where a quoted cell goes over several."""
    head = info.head
    quote = "" if head.kind == "json" else head.quote
    with open_bytes(info.path) as file:
        lines = io.TextIOWrapper(file, head.encoding, "replace", newline="\n" if head.kind == "json" else "")
        for start, text, open_ in joined(lines, quote, head.delimiter):
            yield Original(start, text.rstrip("\r\n")[:LONGEST_TEXT], open_)


def joined(lines: Iterable[str], quote: str, delimiter: str) -> Iterator[tuple[int, str, bool]]:
    """Lines with their numbers, those inside an open quotation joined to the one that opened it; and whether
    it is still open at the end of the file, or after more letters than a reader takes.
    """
    opening = delimiter + quote
    begun: list[str] = []
    start = size = 0
    for number, line in enumerate(lines, start=1):
        odd = bool(quote) and line.count(quote) % 2 == 1
        if not begun and not (odd and (line.startswith(quote) or opening in line)):
            yield number, line, False
            continue
        start, size = (start, size + len(line)) if begun else (number, len(line))
        begun.append(line)
        if odd and len(begun) > 1:
            yield start, "".join(begun), False
            begun = []
        elif size > LONGEST_LINE:
            break
    if begun:
        yield start, "".join(begun), True


def _parquet_rows(info: FileInfo, rows: Sequence[int]) -> dict[int, Original]:
    """Rows of a Parquet file as JSON; their line is their number, from 1."""
    found, start, wanted = {}, 0, list(rows)
    with pq.ParquetFile(info.path) as file:
        for batch in file.iter_batches():
            here = [row for row in wanted if start <= row < start + len(batch)]
            taken = pa.Table.from_batches([batch]).take([row - start for row in here]).to_pylist()
            for row, values in zip(here, taken, strict=True):
                text = json.dumps(values, ensure_ascii=False, default=str)
                found[row] = Original(row + 1, text[:LONGEST_TEXT])
            start += len(batch)
            if not wanted or start > wanted[-1]:
                break
    return found
