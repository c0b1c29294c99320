"""Uploaded files on disk: copied there in pieces and let go of, so that memory stays flat."""

import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO, Protocol

from pages.ui.archives import expand, held_of_archives
from recsys_core.errors import InputError
from recsys_core.logs.containers import Found, is_zip
from recsys_core.workspace.workspace import Workspace

PIECE = 1 << 20
LONGEST = 80
"""Letters of a name that are kept, the last ones: a file system takes 255 bytes."""
OLD_SECONDS = 2 * 24 * 3600


class Upload(Protocol):
    """What the browser sent: a readable file with a name."""

    name: str

    def read(self, size: int = -1, /) -> bytes:
        """The next ``size`` bytes."""


def uploads_folder(ws: Workspace) -> Path:
    """Where the uploads of a workspace lie, a folder each."""
    return ws.root / "uploads"


def new_folder(ws: Workspace) -> Path:
    """A fresh folder for one upload. Folders that nobody touched for two days go."""
    parent = uploads_folder(ws)
    parent.mkdir(parents=True, exist_ok=True)
    for old in parent.iterdir():
        if old.stat().st_mtime < time.time() - OLD_SECONDS:
            shutil.rmtree(old, ignore_errors=True)
    folder = parent / token_hex(8)
    folder.mkdir()
    return folder


def receive(folder: Path, uploads: Sequence[Upload]) -> list[str]:
    """Copy what the browser sent into ``folder``, under its own name without any folder in it; archives are
    unpacked there. What could not be kept, in sentences; it is not there afterwards.
    """
    problems: list[str] = []
    taken: set[str] = set()
    for upload in uploads:
        path = folder / _free_name(upload.name, taken)
        taken.add(path.name)
        try:
            _keep(upload, path)
        except InputError as error:
            path.unlink(missing_ok=True)
            problems.append(str(error))
    return problems


def held(folder: Path) -> list[Found]:
    """The files in an upload folder, by name; those of archives after the others."""
    plain = [path for path in sorted(folder.iterdir()) if path.is_file()]
    return [*(Found(path, path.name, inside=False) for path in plain), *held_of_archives(folder)]


def _keep(upload: Upload, path: Path) -> None:
    """Raises InputError where the disk is full or the archive is damaged."""
    try:
        with path.open("wb") as file:
            _copy(upload, file)
        if is_zip(path):
            expand(folder=path.parent, archive=path)
            path.unlink()
    except OSError as error:
        raise InputError(f"{path.name} could not be kept: {error.strerror}.", "Free some space.") from error


def _free_name(sent: str, taken: set[str]) -> str:
    """The last part of a name, as a file can be called that is not hidden; two files of the same name in
    one go both stay.
    """
    last = sent.replace("\\", "/").rpartition("/")[2]
    name = "".join(letter for letter in last if letter.isprintable()).lstrip(". ")[-LONGEST:] or "log"
    stem, dot, ending = name.partition(".")
    number = 2
    while name in taken:
        name = f"{stem} {number}{dot}{ending}"
        number += 1
    return name


def _copy(upload: Upload, file: BinaryIO) -> None:
    while piece := upload.read(PIECE):
        file.write(piece)
