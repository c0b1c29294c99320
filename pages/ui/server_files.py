"""Files on the server that may be imported: those under one folder that the environment names."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

MOST: Final = 2000
"""No more files than this are offered."""


@dataclass(frozen=True)
class ServerFile:
    """``name``: below the folder, with "/"; ``size``: bytes."""

    path: Path
    name: str
    size: int


def server_files(folder: Path) -> list[ServerFile]:
    """The files under ``folder``, by name; hidden ones and links that lead out of it are not among them."""
    found = []
    for name in _names(folder):
        path = path_of(folder, name)
        if path is not None:
            found.append(ServerFile(path, name, path.stat().st_size))
        if len(found) == MOST:
            break
    return sorted(found, key=lambda file: file.name)


def path_of(folder: Path, name: str) -> Path | None:
    """The file called ``name`` under ``folder``; None where there is none, or where it lies elsewhere."""
    path = folder / name
    try:
        inside = path.resolve(strict=True).is_relative_to(folder.resolve(strict=True))
    except (OSError, RuntimeError, ValueError):
        return None
    readable = inside and path.is_file() and os.access(path, os.R_OK)
    return path.resolve() if readable else None


def _names(folder: Path) -> Iterator[str]:
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith("."):
                yield (Path(parent) / name).relative_to(folder).as_posix()
