"""Uploaded files on disk: copied there in pieces and let go of, so that memory stays flat."""

import secrets
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Protocol

from recsys_core.errors import InputError
from recsys_core.workspace.workspace import Workspace

PIECE = 1 << 20
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
    folder = parent / secrets.token_hex(8)
    folder.mkdir()
    return folder


def receive(folder: Path, uploads: Sequence[Upload]) -> list[Path]:
    """Copy what the browser sent into ``folder``, under its own name without any folder in it.

    Raises InputError where the disk is full.
    """
    received = []
    for upload in uploads:
        name = Path(upload.name.replace("\\", "/")).name
        path = folder / ("log" if name in ("", "..") else name)
        try:
            with path.open("wb") as file:
                _copy(upload, file)
        except OSError as error:
            path.unlink(missing_ok=True)
            raise InputError(
                f"{path.name} could not be kept: {error.strerror}.", "Free some space."
            ) from error
        received.append(path)
    return received


def held(folder: Path) -> list[Path]:
    """The files in an upload folder, by name."""
    return sorted(path for path in folder.iterdir() if path.is_file())


def _copy(upload: Upload, file: BinaryIO) -> None:
    while piece := upload.read(PIECE):
        file.write(piece)
