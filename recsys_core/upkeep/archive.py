"""A folder as one tar file, written and read as a stream: no file is ever held in memory.

It begins with ``HEADER``, what whoever made it says of it, and ends with ``SUMS``, the sha256 of every file
in it. Compressed by Zstandard where the name ends with ``.zst``.
"""

import errno
import hashlib
import io
import json
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final

import pyarrow as pa

from recsys_core.errors import InputError
from recsys_core.progress import Progress

HEADER: Final = "driftmap-backup.json"
SUMS: Final = "sha256.json"
_ZSTD: Final = bytes.fromhex("28b52ffd")  # RFC 8878, 3.1.1: how every frame begins
_BUFFER: Final = 1 << 20
_PIECE: Final = 1 << 20


def write_archive(
    out: Path, folder: Path, header: Mapping[str, Any], compress: bool, progress: Progress
) -> int:
    """Write every file below ``folder`` to ``out``; how many. ``header``: plain JSON."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    total, done, sums = sum(path.stat().st_size for path in paths), 0, dict[str, str]()
    with (
        pa.output_stream(out, compression="zstd" if compress else None) as stream,
        tarfile.open(fileobj=stream, mode="w|", bufsize=_BUFFER, format=tarfile.PAX_FORMAT) as tar,
    ):
        _add_document(tar, HEADER, {**header, "n_files": len(paths), "bytes": total})
        for path in paths:
            progress.check_cancelled()
            name = path.relative_to(folder).as_posix()
            sums[name] = _add_file(tar, name, path)
            done += path.stat().st_size
            progress.advance(done, total, name)
        _add_document(tar, SUMS, sums)
    return len(paths)


def read_header(file: Path) -> dict[str, Any]:
    """What the maker of an archive said of it. Raises InputError where it is none."""
    with _told(file), _opened(file) as tar:
        return _header(file, tar, iter(tar))


def extract_archive(file: Path, folder: Path, progress: Progress) -> int:
    """Write every file of an archive below ``folder``, each compared with its sha256; how many.

    Raises InputError naming the file that is damaged, missing or more than there should be.
    """
    found, wanted, done = dict[str, str](), None, 0
    with _told(file, found), _opened(file) as tar:
        members = iter(tar)
        total = float(_header(file, tar, members)["bytes"])
        for member in members:
            if wanted is not None or not _is_safe(member):
                raise _damaged(file, member.name)
            if member.name == SUMS:
                wanted = json.loads(_content(tar, member).read())
                continue
            found[member.name] = _extract(tar, member, folder / member.name)
            done += member.size
            progress.advance(done, total, member.name)
    if wanted is None:
        raise _damaged(file, SUMS)
    for name in sorted({*wanted, *found}):
        if wanted.get(name) != found.get(name):
            raise _damaged(file, name)
    return len(found)


@contextmanager
def _opened(file: Path) -> Iterator[tarfile.TarFile]:
    try:
        with file.open("rb") as begin:
            compression = "zstd" if begin.read(4) == _ZSTD else None
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}.", "Name a backup.") from error
    with (
        pa.input_stream(file, compression=compression) as stream,
        tarfile.open(fileobj=stream, mode="r|", bufsize=_BUFFER) as tar,
    ):
        yield tar


@contextmanager
def _told(file: Path, found: Mapping[str, str] | None = None) -> Iterator[None]:
    """Where the stream itself is damaged, an InputError names the file behind the last whole one."""
    try:
        yield
    except (tarfile.TarError, EOFError, OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno in (
            errno.ENOSPC,
            errno.EDQUOT,
            errno.EROFS,
            errno.EACCES,
        ):
            raise
        last = list(found or ())[-1:]
        raise _damaged(file, f"what follows {last[0]}" if last else "its beginning") from error


def _header(file: Path, tar: tarfile.TarFile, members: Iterator[tarfile.TarInfo]) -> dict[str, Any]:
    first = next(members, None)
    if first is None or first.name != HEADER:
        raise InputError(f"{file} is no backup of a workspace.", "Name one that driftmap backup made.")
    header: dict[str, Any] = json.loads(_content(tar, first).read())
    return header


def _damaged(file: Path, name: str) -> InputError:
    return InputError(f"{file} is damaged: {name} is not what was backed up.", "Use another backup.")


def _is_safe(member: tarfile.TarInfo) -> bool:
    """A plain file that stays below the folder it is written to."""
    path = PurePosixPath(member.name)
    return member.isfile() and not path.is_absolute() and ".." not in path.parts


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    content = tar.extractfile(member)
    if content is None:
        raise tarfile.ReadError(f"{member.name} is no file")
    return content


def _extract(tar: tarfile.TarFile, member: tarfile.TarInfo, path: Path) -> str:
    """Write a file; its sha256."""
    path.parent.mkdir(parents=True, exist_ok=True)
    digest, content = hashlib.sha256(), _content(tar, member)
    with path.open("wb") as out:
        path.chmod(member.mode & 0o777)
        while piece := content.read(_PIECE):
            digest.update(piece)
            out.write(piece)
    return digest.hexdigest()


def _add_document(tar: tarfile.TarFile, name: str, document: Mapping[str, Any]) -> None:
    content = json.dumps(document, ensure_ascii=False, indent=1).encode()
    member = tarfile.TarInfo(name)
    member.size = len(content)
    tar.addfile(member, io.BytesIO(content))


def _add_file(tar: tarfile.TarFile, name: str, path: Path) -> str:
    """Add a file as long as it is now (a log may grow meanwhile); its sha256."""
    with path.open("rb") as content:
        stat = path.stat()
        member = tarfile.TarInfo(name)
        member.size, member.mtime, member.mode = stat.st_size, int(stat.st_mtime), stat.st_mode & 0o777
        hashed = _Hashed(content)
        tar.addfile(member, hashed)
        return hashed.digest.hexdigest()


class _Hashed(io.RawIOBase):
    """A file whose sha256 is made while it is read."""

    def __init__(self, content: IO[bytes]) -> None:
        self._content = content
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._content.read(size)
        self.digest.update(piece)
        return piece
