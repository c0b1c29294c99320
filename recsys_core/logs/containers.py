"""Folders and ZIP archives as the files in them; archives are unpacked with care."""

import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from recsys_core.errors import InputError
from recsys_core.logs.encodings import MOST_PACKED, unpacks_to_a_bomb

_MOST_FILES = 1000
_SPARE_DISK = 1 << 28
_BLOCK = 1 << 20
_SHOWN = 60
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_WORKBOOK = ("[Content_Types].xml", "mimetype")
_HIDDEN = (".", "__MACOSX", "Thumbs.db")


@dataclass(frozen=True)
class Found:
    """``path``: a file on the disk. ``name``: what people call it, e.g. "logs.zip/ratings.csv". ``inside``:
    whether it came out of a folder or an archive, so that not every file need be a log.
    """

    path: Path
    name: str
    inside: bool


def find_files(path: Path, folder: Path, name: str = "") -> list[Found]:
    """The file itself, or the files in a folder or a ZIP archive, in order of their names; hidden ones are
    left out. An archive is unpacked into ``folder``.

    Raises InputError for an archive that is damaged, locked, nested, leads out of its folder or unpacks to
    far more than it should, and for a folder or an archive without files.
    """
    name = name or path.name
    try:
        is_folder, is_archive = path.is_dir(), is_zip(path)
    except OSError as error:
        raise InputError(
            f"{name[:_SHOWN]} cannot be read: {error.strerror}.",
            "Check the path and whether you may read it.",
        ) from error
    if is_folder:
        return _in_folder(path, name)
    return _in_zip(path, folder, name) if is_archive else [Found(path, name, inside=False)]


def is_zip(path: Path) -> bool:
    """Whether the file begins as a ZIP archive does."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) in (_ZIP, _EMPTY_ZIP)


def _in_folder(path: Path, name: str) -> list[Found]:
    files = [
        file
        for file in sorted(path.rglob("*"))
        if file.is_file() and not file.is_symlink() and not _is_hidden(file.relative_to(path).parts)
    ]
    if not files:
        raise InputError(f"The folder {name} holds no files.", "Name a folder with logs in it.")
    return [Found(file, f"{name}/{file.relative_to(path).as_posix()}", inside=True) for file in files]


def _in_zip(path: Path, folder: Path, name: str) -> list[Found]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = list(_members(archive, name))
            _check_ratio(members, path, name)
            _check_space(members, folder, name)
            return [
                Found(
                    _unpack(archive, member, folder, name, number), f"{name}/{member.filename}", inside=True
                )
                for number, member in enumerate(members)
            ]
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise InputError(
            f"{name} is a damaged or cut-off ZIP archive.", "Download or make it again."
        ) from error


def _members(archive: zipfile.ZipFile, name: str) -> Iterator[zipfile.ZipInfo]:
    """The files to unpack, each checked by what the archive says of it."""
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if any(entry.filename in _WORKBOOK for entry in entries):
        raise InputError(f"{name} is a workbook, not a log.", "Save its sheet as CSV and take that.")
    files = [entry for entry in entries if not _is_hidden(PurePosixPath(_slashed(entry)).parts)]
    if not files:
        raise InputError(f"The archive {name} holds no files.", "Put the logs into it.")
    if len(files) > _MOST_FILES:
        raise InputError(f"The archive {name} holds {len(files):,} files.", "Join them into fewer files.")
    for entry in sorted(files, key=lambda one: one.filename):
        _check_member(entry, name)
        yield entry


def _check_member(entry: zipfile.ZipInfo, name: str) -> None:
    inside, parts = entry.filename, PurePosixPath(_slashed(entry)).parts
    remedy = "Make the archive again from plain files."
    if ".." in parts or inside.startswith(("/", "\\")) or ":" in parts[0]:
        raise InputError(f"{name} holds the name {inside!r}, which leads out of its folder.", remedy)
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise InputError(f"{name} holds {inside!r}, which is a link and not a file.", remedy)
    if entry.flag_bits & 0x1:
        raise InputError(f"{inside!r} in {name} is locked by a password.", "Make the archive without one.")
    if inside.lower().endswith(".zip"):
        raise InputError(
            f"{name} holds another archive, {inside!r}.", "Unpack that one and take it by itself."
        )
    if unpacks_to_a_bomb(entry.file_size, entry.compress_size):
        raise _bomb(repr(inside), name)


def _bomb(inside: str, name: str) -> InputError:
    return InputError(
        f"{inside} in {name} would unpack to more than {MOST_PACKED} times its size, as no log does.",
        "If it is a log after all, unpack it yourself and take the file.",
    )


def _check_ratio(members: list[zipfile.ZipInfo], path: Path, name: str) -> None:
    """All of it together: many small bombs, or files that share their packed bytes, are one."""
    if unpacks_to_a_bomb(sum(entry.file_size for entry in members), path.stat().st_size):
        raise _bomb(f"all of its {len(members)} files", name)


def _check_space(members: list[zipfile.ZipInfo], folder: Path, name: str) -> None:
    needed, free = sum(entry.file_size for entry in members), shutil.disk_usage(folder).free
    if needed + _SPARE_DISK > free:
        raise InputError(
            f"{name} unpacks to {needed / 1e9:.1f} GB, and the disk has {free / 1e9:.1f} GB left.",
            "Free some space.",
        )


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, folder: Path, name: str, number: int) -> Path:
    """Unpack one file under a name of ours, as far as it keeps to the size that the archive says."""
    target = folder / f"unpacked-{number}"
    with archive.open(entry) as packed, target.open("wb") as file:
        if _copy(packed, file, entry.file_size) is False:
            raise _bomb(repr(entry.filename), name)
    with target.open("rb") as file:
        if file.read(4) == _ZIP:
            raise InputError(
                f"{name} holds another archive, {entry.filename!r}.", "Unpack that one and take it by itself."
            )
    return target


def _copy(packed: IO[bytes], file: IO[bytes], most: int) -> bool:
    """Copy at most ``most`` bytes; whether that was all."""
    left = most
    while block := packed.read(min(_BLOCK, left + 1)):
        left -= len(block)
        if left < 0:
            return False
        file.write(block)
    return True


def _is_hidden(parts: tuple[str, ...]) -> bool:
    return any(part.startswith(_HIDDEN) and part != ".." for part in parts)


def _slashed(entry: zipfile.ZipInfo) -> str:
    """Its name as archives should write it; some of Windows have backslashes."""
    return entry.filename.replace("\\", "/")
