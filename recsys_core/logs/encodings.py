"""Which encoding a text is in, and the same text in UTF-8."""

import codecs
import io
import re
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

UTF_8 = "utf-8"
MOST_PACKED = 200
"""A file that unpacks to more than so many times its packed size is taken for a bomb …"""
_SMALL = 64 << 20
"""… unless it is no larger than this."""
_BLOCK = 1 << 20
_TELLING = 20_000
_MARKS = ((codecs.BOM_UTF8, UTF_8), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_JAPANESE = ("cp932", "euc_jp")  # the first is what Windows writes as Shift JIS
_LEAST_KANA = 0.2
_MOSTLY_ALONE = 0.7
_RUN = re.compile(rb"[\x80-\xff]+")
_LIKELY = ["gb18030", "euc_kr", "big5", "cp1252", "cp1251"]
_WESTERN = "cp1252"
_SPOILT = "driftmap-spoilt"


def guess_encoding(raw: bytes) -> str:
    """The encoding that ``raw``, the first bytes of a text, is most likely in.

    A byte order mark decides, then whether it is valid UTF-8, then whether its letters beyond ASCII stand
    alone, as accents do, or are Japanese syllables, then charset-normalizer among the encodings that logs
    come in; Western European where nothing speaks for another.
    """
    for mark, name in _MARKS:
        if raw.startswith(mark):
            return name
    if wide := _wide(raw):
        return wide
    if _mostly_utf8(raw):
        return UTF_8
    telling = _telling(raw)
    if _accented(telling):
        return _WESTERN
    if japanese := next((name for name in _JAPANESE if _has_kana(telling, name)), ""):
        return japanese
    from charset_normalizer import from_bytes

    best = from_bytes(telling, cp_isolation=_LIKELY).best()
    return codecs.lookup(best.encoding).name if best is not None else _WESTERN


def decode(raw: bytes, encoding: str) -> str:
    """The text of ``raw``; a character cut off at its end is left out, a wrong one becomes U+FFFD."""
    name = "utf-8-sig" if encoding == UTF_8 else encoding
    return codecs.getincrementaldecoder(name)(errors="replace").decode(raw)


def unpacks_to_a_bomb(unpacked: int, packed: int) -> bool:
    """Whether so many bytes from so few are more than any log packs to."""
    return unpacked > _SMALL and unpacked > MOST_PACKED * packed


def open_bytes(path: Path) -> BinaryIO:
    """The bytes of a file, unpacked where it is gzip or zstd."""
    return io.BufferedReader(pa.input_stream(str(path), compression=packing(path)), _BLOCK)


def packing(path: Path) -> str | None:
    """``gzip``, ``zstd`` or None, by the first bytes of the file."""
    with path.open("rb") as file:
        start = file.read(4)
    if start[:2] == b"\x1f\x8b":
        return "gzip"
    return "zstd" if start == b"\x28\xb5\x2f\xfd" else None


def write_utf8(source: Path, encoding: str, target: Path) -> None:
    """Write the text of ``source`` to ``target`` in UTF-8, block by block.

    Bytes that are no text in ``encoding`` become the byte FF, which no UTF-8 has, so that the reader finds
    their lines and sets them aside as not valid.
    """
    with open_bytes(source) as packed, target.open("wb") as file:
        for text in _decoded(packed, encoding):
            file.write(text.encode(UTF_8, "surrogateescape"))


def _decoded(source: BinaryIO, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)(errors=spoilt())
    while block := source.read(_BLOCK):
        yield decoder.decode(block)
    yield decoder.decode(b"", final=True)


def spoilt() -> str:
    """The name of an error handler that has bytes which are no text become the byte FF when the text is
    encoded with ``surrogateescape``.
    """
    codecs.register_error(_SPOILT, _spoil)
    return _SPOILT


def _spoil(error: UnicodeError) -> tuple[str, int]:
    """In place of bytes that cannot be decoded what ``surrogateescape`` encodes as the byte FF."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "\udcff", error.end


def _mostly_utf8(raw: bytes) -> bool:
    """Whether nearly every line is UTF-8: a damaged line or two do not make it another encoding."""
    lines = [line for line in raw.split(b"\n")[:-1] or [raw] if not line.isascii()]
    wrong = sum(not is_utf8(line) for line in lines)
    return wrong <= len(lines) // 10


def _telling(raw: bytes) -> bytes:
    """The first lines that are not ASCII, whole: half a letter at the end would rule its encoding out."""
    lines = [line for line in raw.split(b"\n")[:-1] or [raw] if not line.isascii()]
    sizes = accumulate(len(line) for line in lines)
    return b"\n".join(line for line, size in zip(lines, sizes, strict=True) if size <= _TELLING) or lines[0]


def _accented(raw: bytes) -> bool:
    """Whether most bytes beyond ASCII have none beside them: other scripts and CJK write them in a row."""
    runs = [len(run) for run in _RUN.findall(raw)]
    return runs.count(1) > _MOSTLY_ALONE * sum(runs)


def _has_kana(raw: bytes, encoding: str) -> bool:
    """Whether it is text in ``encoding`` with the syllables that any Japanese has; charset-normalizer takes
    their frequent change to other letters for noise.
    """
    try:
        letters = [letter for letter in raw.decode(encoding) if letter > "\x7f"]
    except UnicodeDecodeError:
        return False
    return sum("\u3041" <= letter <= "\u30ff" for letter in letters) > _LEAST_KANA * len(letters)


def is_utf8(line: bytes) -> bool:
    """Whether all of it is UTF-8."""
    try:
        line.decode(UTF_8)
    except UnicodeDecodeError:
        return False
    return True


def _wide(raw: bytes) -> str:
    """UTF-16 without a mark: every other byte of plain text is zero."""
    even, odd = raw[0:2000:2], raw[1:2000:2]
    if len(raw) < 8 or not (even and odd):
        return ""
    if odd.count(0) > 0.7 * len(odd) and even.count(0) < 0.1 * len(even):
        return "utf-16-le"
    return "utf-16-be" if even.count(0) > 0.7 * len(even) and odd.count(0) < 0.1 * len(odd) else ""
