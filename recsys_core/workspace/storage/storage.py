"""Where the folders of a workspace are kept: on the disk of this machine, or in an object store as well.

Whoever makes, opens or removes a folder with an immutable name (a dataset version, a finished run, a result)
says so here and need not know which it is.
"""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


class Storage(Protocol):
    """``name``: of a folder below the root, with slashes, e.g. ``results/map-0a1b``."""

    @property
    def root(self) -> Path:
        """The folder of the workspace."""

    def check(self) -> None:
        """Raise what an act would, before anything has changed."""

    def publish(self, folder: Path, name: str) -> None:
        """Keep a whole folder under a name. Once this returns every machine can bring it."""

    def published(self, folder: Path, name: str) -> AbstractContextManager[None]:
        """As ``publish``, undone where the block does not come to its end."""

    def bring(self, name: str) -> Path:
        """The folder of a name on this disk, whole. Raises ResourceError where it cannot be brought."""

    def remove(self, folders: Iterable[Path]) -> None:
        """Remove folders that no row knows any more, wherever they are kept; those that are gone are none
        too many. What cannot go now goes when the workspace is opened.
        """

    def withdraw(self, name: str) -> None:
        """Remove a folder, and those below it, but not from this disk."""

    def remove_file(self, name: str, file: str) -> None:
        """Remove one file from a folder that stays."""

    def keep_only(self, name: str, known: Iterable[str]) -> None:
        """``withdraw`` what is kept below ``name`` and is none of ``known``."""


@dataclass(frozen=True)
class LocalDisk:
    """The workspace folder is all there is."""

    root: Path

    def check(self) -> None:
        """Nothing to ask."""

    def publish(self, folder: Path, name: str) -> None:
        """It is where it belongs."""

    @contextmanager
    def published(self, folder: Path, name: str) -> Iterator[None]:
        """As ``publish``."""
        del folder, name
        yield

    def bring(self, name: str) -> Path:
        """The folder; whether it is there is for the caller to see."""
        return self.root / name

    def remove(self, folders: Iterable[Path]) -> None:
        """From this disk."""
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)

    def withdraw(self, name: str) -> None:
        """Nothing is kept elsewhere."""

    def remove_file(self, name: str, file: str) -> None:
        """From this disk."""
        (self.root / name / file).unlink(missing_ok=True)

    def keep_only(self, name: str, known: Iterable[str]) -> None:
        """Folders of killed processes are seen to when the workspace is opened."""


@dataclass(frozen=True)
class Kept:
    """A folder that a record speaks of. ``whole``: it has its final content; else it is one in the making,
    on the machine that makes it and nowhere else.
    """

    storage: Storage
    name: str
    whole: bool = True

    @property
    def here(self) -> Path:
        """Where it is on this disk, or would be."""
        return self.storage.root / self.name

    def folder(self) -> Path:
        """The folder, brought first where it is whole and not here. Raises ResourceError."""
        return self.storage.bring(self.name) if self.whole else self.here
