"""Large files are looked into by their first rows; how many there are is estimated and said."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pyarrow.parquet as pq
import streamlit as st

from pages.ui.phrases import count
from recsys_core.logs.encodings import open_bytes
from recsys_core.logs.formats import FileInfo

LARGE: Final = 64_000_000
"""Bytes of all files together, above which only their first rows are read for a preview."""
SAMPLE: Final = 200_000
"""So many rows of each file."""
UNPACKS_TO: Final = 5
"""How many times its size a packed file is taken to have, and a Parquet file of text."""
_HEAD: Final = 1 << 20


@dataclass(frozen=True)
class Extent:
    """How much of the files a preview reads. ``row_limit``: None for all; ``rows``: about so many there are,
    None where that cannot be said.
    """

    row_limit: int | None
    rows: int | None

    @property
    def sentence(self) -> str:
        """How much is read: "the first 200,000 rows of about 10,000,000"."""
        first = f"the first {count(self.row_limit or 0)} rows"
        return f"{first} of about {count(self.rows)}" if self.rows else first


def extent_of(infos: Sequence[FileInfo]) -> Extent:
    """All of small files, the first rows of large ones."""
    if sum(_unpacked(info) for info in infos) <= LARGE:
        return Extent(None, None)
    rows = [_rows_about(info, info.path.stat().st_mtime_ns) for info in infos]
    known = [n for n in rows if n is not None]
    return Extent(SAMPLE, _rounded(sum(known)) if len(known) == len(rows) else None)


def _unpacked(info: FileInfo) -> int:
    packed = info.head.packing is not None or info.head.kind == "parquet"
    return info.size * (UNPACKS_TO if packed else 1)


@st.cache_data(max_entries=64, show_spinner=False)
def _rows_about(info: FileInfo, changed: int) -> int | None:
    """By the number of lines in the first megabyte; None for a packed file."""
    del changed  # only tells another file of the same name
    if info.head.kind == "parquet":
        return int(pq.ParquetFile(info.path).metadata.num_rows)
    if info.head.packing is not None:
        return None
    with open_bytes(info.path) as file:
        head = file.read(_HEAD)
    return round(info.size * head.count(b"\n") / max(len(head), 1))


def _rounded(n: int) -> int:
    """With two digits that are not zero: 10,234,567 → 10,000,000."""
    step = 10 ** max(len(str(n)) - 2, 0)
    return round(n / step) * step
