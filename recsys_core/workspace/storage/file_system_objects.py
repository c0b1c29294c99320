"""Objects in whatever else fsspec knows: SFTP, SMB, WebDAV, HDFS …

Options and credentials come from where fsspec looks for them: ``FSSPEC_<PROTOCOL>_<OPTION>``, or its
configuration file. An upload that breaks off may leave half a file, so an object is written to ``uploads``
and moved from there to its place.
"""

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from fsspec import AbstractFileSystem, get_filesystem_class
from fsspec.core import url_to_fs

from recsys_core.errors import InputError
from recsys_core.workspace.storage.objects import MissingObjectError, Objects, Stored

UPLOADS: Final = "uploads"
_PIECE: Final = 4 << 20
_MOMENTS: Final = ("mtime", "LastModified", "last_modified", "modified", "modify", "created")
"""Under which names file systems tell when a file was written."""


def is_known(protocol: str) -> bool:
    """Whether fsspec, with what is installed here, speaks a protocol. Raises InputError where it would."""
    try:
        get_filesystem_class(protocol)
    except ValueError:
        return False
    except ImportError as error:
        raise InputError(f"DRIFTMAP_STORAGE_URL: {error}.", "Install that, or name another store.") from error
    return True


@dataclass(frozen=True)
class FileSystemObjects(Objects):
    """A folder on another machine."""

    @cached_property
    def _there(self) -> tuple[AbstractFileSystem, str]:
        """The file system, connected, and the folder on it."""
        system, path = url_to_fs(self.url, skip_instance_cache=True)
        return system, str(path).rstrip("/")

    def put(self, name: str, content: bytes | Path) -> None:
        """See ``Objects``."""
        with self._told(name) as (system, folder):
            part, final = f"{folder}/{UPLOADS}/{secrets.token_hex(8)}", f"{folder}/{name}"
            for path in (part, final):
                system.makedirs(path.rpartition("/")[0], exist_ok=True)
            try:
                if isinstance(content, Path):
                    system.put_file(str(content), part)
                else:
                    system.pipe_file(part, content)
                _rename(system, part, final)
            except BaseException:
                with suppress(Exception):  # the first error is told
                    system.rm_file(part)
                raise

    def read(self, name: str) -> bytes | None:
        """See ``Objects``."""
        try:
            with self._told(name) as (system, folder):
                return bytes(system.cat_file(f"{folder}/{name}"))
        except MissingObjectError:
            return None

    def download(self, name: str, to: Path) -> str:
        """See ``Objects``."""
        digest = hashlib.sha256()
        with (
            self._told(name) as (system, folder),
            to.open("wb") as file,
            system.open(f"{folder}/{name}", "rb") as source,
        ):
            while piece := source.read(_PIECE):
                digest.update(piece)
                file.write(piece)
        return digest.hexdigest()

    def list(self, prefix: str) -> Iterator[Stored]:
        """See ``Objects``."""
        with self._told(prefix or "its content") as (system, folder):
            system.invalidate_cache()
            below = f"{folder}/{prefix}".rstrip("/")
            found = system.find(below, detail=True) if system.exists(below) else {}
        for path, told in sorted(found.items()):
            name = str(path).removeprefix(f"{folder}/")
            if not name.startswith(f"{UPLOADS}/"):
                yield Stored(name, int(told["size"] or 0), _moment(told))

    def delete(self, names: Iterable[str]) -> None:
        """See ``Objects``."""
        for name in names:
            with suppress(MissingObjectError), self._told(name) as (system, folder):
                system.rm_file(f"{folder}/{name}")

    @contextmanager
    def _told(self, name: str) -> Iterator[tuple[AbstractFileSystem, str]]:
        """The file system. What it raises in the block is told in our words, and it is connected anew next
        time, since most do not find out by themselves that a connection is lost.
        """
        try:
            yield self._there
        except FileNotFoundError as error:
            raise self.missing(name) from error
        except PermissionError as error:
            raise self.refused(name, _reason(error)) from error
        except Exception as error:  # each library behind fsspec has errors of its own
            self.__dict__.pop("_there", None)
            raise self.away(name, _reason(error)) from error


def _rename(system: AbstractFileSystem, part: str, final: str) -> None:
    try:
        system.mv(part, final)
    except OSError:
        if not system.exists(final):
            raise
        system.rm_file(final)  # where a rename replaces nothing
        system.mv(part, final)


def _moment(told: dict[str, Any]) -> datetime:
    """UTC; now where it isn't told, so that nothing is taken for old."""
    found = next((told[name] for name in _MOMENTS if name in told), None)
    if isinstance(found, int | float):
        return datetime.fromtimestamp(found, UTC)
    if isinstance(found, datetime):
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return datetime.now(UTC)


def _reason(error: Exception) -> str:
    return (" ".join(str(error).split()) or type(error).__name__).rstrip(".")
