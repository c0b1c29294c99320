"""A workspace is read by its owner only: folders 0700, files 0600."""

import contextlib
import os
import stat
from pathlib import Path
from typing import Final

FOLDER: Final = 0o700
FILE: Final = 0o600
_OTHERS: Final = 0o077


def keep_private() -> None:
    """From now on whatever this process and its children make is their owner's only. For programs, at their
    entry: a library leaves that to its caller.
    """
    os.umask(_OTHERS)


def make_folder(path: Path) -> None:
    """Make a folder, and those above it, where they are missing; what is made is its owner's only."""
    for folder in reversed([path, *path.parents]):
        if not folder.exists():
            folder.mkdir(mode=FOLDER, exist_ok=True)


def tighten(path: Path) -> None:
    """Take a file or folder away from everybody but its owner, if the owner is us."""
    found = path.lstat()
    if found.st_mode & _OTHERS and found.st_uid == os.geteuid() and not stat.S_ISLNK(found.st_mode):
        path.chmod(FOLDER if stat.S_ISDIR(found.st_mode) else FILE)


def tighten_workspace(root: Path) -> None:
    """``tighten`` what lies directly in a workspace, so that nothing further inside can be reached either.

    Only what a workspace holds: the folder itself may be a shared one, such as that of temporary files.
    """
    for name in ROOMS:
        for path in root.glob(name):
            with contextlib.suppress(FileNotFoundError):  # SQLite takes its log away as the last one closes
                tighten(path)


ROOMS: Final = (
    *("catalog.db*", "pseudonym.key", "datasets", "runs", "results", "imports"),
    *("uploads", "vectors", "jobs", "locks", "logs"),
)
