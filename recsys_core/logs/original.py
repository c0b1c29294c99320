"""Where the rows of a file stand in it: line numbers and the lines themselves, for those that are bad."""

import io
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from recsys_core.logs.encodings import open_bytes
from recsys_core.logs.formats import FileInfo
from recsys_core.logs.quarantine import LONGEST_TEXT

LONGEST_LINE = 2_000_000
"""Bytes of a line that a reader takes."""
_BLOCK = 1 << 20
_LINE_END = ord("\n")


@dataclass(frozen=True)
class Original:
    """``line``: from 1, of the first line of the row; in a JSON list and in Parquet the number of the row.
    ``text``: the row as it stands in the file. ``open``: whether a quotation in it is never closed.
    """

    line: int
    text: str
    open: bool = False


def find_rows(
    info: FileInfo, rows: Sequence[int], records: Sequence[int], n_rows: int | None = None
) -> dict[int, Original]:
    """Where ``rows`` stand in the file: numbers from 0 of rows as the reader gave them, ascending.

    ``records``: numbers from 1 of the records that the reader rejected, ascending, which are no rows; blank
    lines and the header count as records but are no rows either. ``n_rows``: how many there are, which makes
    the search fast in a large file whose records are lines.
    """
    if info.head.kind == "parquet":
        return _parquet_rows(info, rows)
    if info.head.layout == "list":
        return {row: Original(row + 1, "") for row in rows}
    if n_rows is not None:
        header = int(_has_header(info))
        lines = _lines_of_rows(np.asarray(rows, np.int64), np.asarray(records, np.int64) - 1, header)
        texts = _lines_at(info, lines, n_rows + len(records) + header)
        if texts is not None:
            found_lines = zip(rows, lines.tolist(), texts, strict=True)
            return {row: Original(line + 1, text) for row, line, text in found_lines}
    return _search_rows(info, rows, set(records))


def find_records(info: FileInfo, records: Sequence[int], n_lines: int | None = None) -> dict[int, Original]:
    """Where the records with these numbers, from 1 and ascending, stand in the file; ``n_lines``: how many
    there are in the file if each record is one line.
    """
    if not records:
        return {}
    if n_lines is not None:
        texts = _lines_at(info, np.asarray(records, np.int64) - 1, n_lines)
        if texts is not None:
            return {record: Original(record, text) for record, text in zip(records, texts, strict=True)}
    wanted, last, found = set(records), max(records), {}
    for number, record in zip(range(1, last + 1), _records(info), strict=False):
        if number in wanted:
            found[number] = _original(*record)
    return found


def _search_rows(info: FileInfo, rows: Sequence[int], rejected: Collection[int]) -> dict[int, Original]:
    """``find_rows``, record by record."""
    found = {}
    wanted, has_header = iter(rows), _has_header(info)
    target, row = next(wanted, None), -1
    for number, record in enumerate(_records(info), start=1):
        if target is None:
            break
        if number in rejected or record[1].isspace() or (number == 1 and has_header):
            continue
        row += 1
        if row == target:
            found[row] = _original(*record)
            target = next(wanted, None)
    return found


def _lines_of_rows(rows: NDArray[np.int64], rejected: NDArray[np.int64], header: int) -> NDArray[np.int64]:
    """Line, from 0, of each of ``rows`` where every record is one line; ``rejected``: lines from 0."""
    before = rejected - np.arange(len(rejected))  # lines that are not rejected before each that is
    return rows + header + np.searchsorted(before, rows + header, side="right")


def _lines_at(info: FileInfo, wanted: NDArray[np.int64], n_lines: int) -> list[str] | None:
    """The texts of the lines with these numbers, from 0 and ascending; None where the file has not
    ``n_lines`` lines in all, so that some records take several lines or some lines are blank.
    """
    encoding = info.head.encoding
    if encoding.startswith(("utf-16", "utf-32")):
        return None
    texts: list[bytes] = []
    seen, rest = 0, b""
    with open_bytes(info.path) as file:
        while block := file.read(_BLOCK):
            block = rest + block
            ends = np.flatnonzero(np.frombuffer(block, np.uint8) == _LINE_END)
            first, last = np.searchsorted(wanted, [seen, seen + len(ends)])
            for line in (wanted[first:last] - seen).tolist():
                texts.append(block[ends[line - 1] + 1 if line else 0 : ends[line]])
            seen += len(ends)
            rest = block[ends[-1] + 1 :] if len(ends) else block
            if seen > n_lines:
                return None
    if rest:
        texts += [rest] if len(wanted) and wanted[-1] == seen else []
        seen += 1
    if seen != n_lines or len(texts) != len(wanted):
        return None
    return [_shown(text.decode(encoding, "replace")) for text in texts]


def _has_header(info: FileInfo) -> bool:
    return info.head.kind != "json" and info.head.has_header


def _records(info: FileInfo) -> Iterator[tuple[int, str, bool]]:
    """The records of a text file: lines, joined where a quoted cell goes over several; see ``joined``."""
    head = info.head
    quote = "" if head.kind == "json" else head.quote
    with open_bytes(info.path) as file:
        lines = io.TextIOWrapper(file, head.encoding, "replace", newline="\n" if head.kind == "json" else "")
        yield from joined(lines, quote, head.delimiter)


def _original(line: int, text: str, is_open: bool) -> Original:
    return Original(line, _shown(text), is_open)


def _shown(text: str) -> str:
    return text.rstrip("\r\n")[:LONGEST_TEXT]


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
