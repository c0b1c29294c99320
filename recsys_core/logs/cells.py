"""Cells of a batch as they are to be stored: without space around them, null where nothing is said."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

_SPACE = " \t\r\n\u00a0\u3000\ufeff"
_MISSING = pa.array(["null", "nan", "none", r"\n"])
_LONGEST_MISSING = 4
_BLANK, _CONTINUED, _WIDE = 0x20, 0x80, 0xC2
"""Up to the first, bytes are space; letters beyond ASCII, some spaces among them, begin with bytes from the
last on and end with bytes from the second on.
"""


def tidy(cells: pa.StringArray, ids: bool = False) -> tuple[pa.StringArray, int]:
    """``cells`` trimmed and null where empty, and how many had space around them.

    ``ids``: null as well for what exports write where there is none, such as "NaN". Only cells whose first
    or last byte allows for space are looked at as text, since most need nothing done.
    """
    doubtful = _doubtful(cells, ids)
    if not doubtful.any():
        return cells, 0
    before = cells.filter(pa.array(doubtful))
    after = pc.utf8_trim(before, characters=_SPACE)
    n_padded = pc.sum(pc.not_equal(after, before)).as_py() or 0
    nothing = pc.equal(after, "")
    if ids:
        nothing = pc.or_(nothing, pc.is_in(pc.ascii_lower(after), value_set=_MISSING))
    after = pc.if_else(nothing, pa.scalar(None, pa.string()), after)
    return pc.replace_with_mask(cells, pa.array(doubtful), after), int(n_padded)


def letters_of(text: pa.StringArray) -> memoryview | bytes:
    """The bytes of all texts one after the other; nulls have none."""
    if text.null_count:
        text = text.drop_null()
    _, offsets, letters = text.buffers()
    if letters is None or not len(text):
        return b""
    edges = memoryview(offsets).cast("i")
    return memoryview(letters)[edges[text.offset] : edges[text.offset + len(text)]]


def _doubtful(cells: pa.StringArray, ids: bool) -> NDArray[np.bool_]:
    """(N,) where a cell is empty, begins or ends with what may be space, or is as short as "NaN" is."""
    _, offsets, letters = cells.buffers()
    doubtful = np.zeros(len(cells), dtype=np.bool_)
    if letters is None or not letters.size or cells.null_count == len(cells):
        return doubtful
    edges = np.frombuffer(offsets, np.int32)[cells.offset : cells.offset + len(cells) + 1]
    raw = np.frombuffer(letters, np.uint8)
    np.less_equal(np.diff(edges), _LONGEST_MISSING if ids else 0, out=doubtful)
    here = raw[edges[0] : edges[-1]]
    if len(here) and (here.min() <= _BLANK or here.max() >= _CONTINUED):  # else there is no space anywhere
        first = raw[np.minimum(edges[:-1], len(raw) - 1)]
        last = raw[np.maximum(edges[1:], 1) - 1]
        doubtful |= (first <= _BLANK) | (first >= _WIDE) | (last <= _BLANK) | (last >= _CONTINUED)
    if cells.null_count:
        doubtful &= cells.is_valid().to_numpy(zero_copy_only=False)
    return doubtful
