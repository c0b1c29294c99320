"""One look at every byte of a file, for what its reader would pass over in silence."""

import codecs
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from recsys_core.errors import InputError
from recsys_core.logs.encodings import MOST_PACKED, UTF_8, open_bytes, packing, unpacks_to_a_bomb

_DAMAGED = (EOFError, zlib.error, pa.ArrowException, OSError)
_BLOCK = 1 << 20
_LF = ord("\n")


@dataclass
class Look:
    """What was seen. ``lf``, ``cr``, ``crlf``: line ends of each kind. ``utf8``: whether all of it is UTF-8.
    ``last``: the last byte that is no space. ``line``: bytes of the line that is not ended yet.
    """

    lf: int = 0
    cr: int = 0
    crlf: int = 0
    utf8: bool = True
    last: bytes = b""
    line: int = 0

    @property
    def mixed_ends(self) -> bool:
        """Whether lines end in more than one way."""
        return sum(n > 0 for n in (self.lf, self.cr, self.crlf)) > 1

    @property
    def ends(self) -> int:
        """The lines that are ended."""
        return self.lf + self.cr + self.crlf

    def add(self, block: bytes, before: bytes) -> None:
        """The next block; ``before``: the last byte of the one before."""
        parted = before == b"\r" and block[:1] == b"\n"
        crlf = block.count(b"\r\n") if b"\r" in block else 0
        letters = np.frombuffer(block, np.uint8)
        self.lf += int(np.count_nonzero(letters == _LF)) - crlf - parted
        self.cr += block.count(b"\r") - crlf - parted
        self.crlf += crlf + parted
        end = max(block.rfind(b"\n"), block.rfind(b"\r"))
        self.line = self.line + len(block) if end < 0 else len(block) - 1 - end
        self.last = block[-64:].rstrip()[-1:] or block.rstrip()[-1:] or self.last


def look_through(
    path: Path, name: str, most: int | None = None, longest: int | None = None, as_utf8: bool = False
) -> Look:
    """Look at the first ``most`` bytes, unpacked, or at all of them; ``as_utf8``: whether to look for what is
    no UTF-8.

    Raises InputError for a line of more than ``longest`` bytes, give or take a block of 1 MB: DuckDB passes
    over one that does not fit into its buffer. Raises it as well where the packing is damaged: DuckDB takes
    that for the end of a zstd file, and does not compare the checksum of a gzip file.
    """
    look, before = Look(), b""
    decoder = codecs.getincrementaldecoder(UTF_8)()
    for block in _blocks(path, name, most):
        look.add(block, before)
        before = block[-1:]
        if longest is not None and look.line > longest:
            raise too_long(name, look.ends + 1, longest)
        try:
            look.utf8 = look.utf8 and (not as_utf8 or decoder.decode(block) is not None)
        except UnicodeDecodeError:
            look.utf8 = False
    return look


def too_long(name: str, line: int, longest: int) -> InputError:
    """The error of a line of more than ``longest`` bytes."""
    return InputError(
        f"Line {line} of {name} is longer than {longest // 10**6} MB; perhaps a quotation mark is never "
        "closed.",
        'Close the quotation, or write "" for a quotation mark inside quotes.',
    )


def _bomb(name: str) -> InputError:
    return InputError(
        f"{name} unpacks to more than {MOST_PACKED} times its size, as no log does.",
        "If it is a log after all, unpack it yourself and take the file.",
    )


def _blocks(path: Path, name: str, most: int | None) -> Iterator[bytes]:
    left, seen, packed = most, 0, path.stat().st_size
    try:
        with open_bytes(path) as file:
            while left != 0 and (block := file.read(_BLOCK if left is None else min(_BLOCK, left))):
                left = None if left is None else left - len(block)
                seen += len(block)
                if unpacks_to_a_bomb(seen, packed):
                    raise _bomb(name)
                yield block
    except _DAMAGED as error:
        what = packing(path) or "text"
        raise InputError(
            f"{name} is a damaged or cut-off {what} file.", "Download or export it again."
        ) from error
