"""Objects in a cloud's store, or a folder.

Spoken to by obstore (the Rust crate object_store): an object is there wholly or not at all, large ones go in
parts, and what fails for a moment is tried again by the library itself. Credentials come from where the
store's own programs look for them (``AWS_…``, ``GOOGLE_…``, ``AZURE_…``, the machine's role), never from us.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Final

from recsys_core.errors import InputError
from recsys_core.workspace.storage.objects import MissingObjectError, Objects, Stored

if TYPE_CHECKING:
    from obstore.store import ObjectStore

CLOUDS: Final = ("s3", "gs", "az", "file")
_RETRY: Final = {"max_retries": 5}  # each after twice the time: some three seconds in all
_CLIENT: Final = {
    "allow_http": True,  # where somebody names an endpoint without TLS (AWS_ENDPOINT_URL), and nowhere else
    "connect_timeout": timedelta(seconds=5),
    "read_timeout": timedelta(seconds=30),  # without a byte
    "timeout": timedelta(hours=2),  # one object, or one part of it
}
_PIECE: Final = 4 << 20
_NO_BUCKET: Final = ("there is no such bucket", "Make it, or correct the URL.")


@dataclass(frozen=True)
class CloudObjects(Objects):
    """S3, Google Cloud Storage, Azure or a folder."""

    @cached_property
    def _store(self) -> "ObjectStore":
        library = _library()
        try:
            if self.url.startswith("file:"):
                made: ObjectStore = library.store.from_url(self.url, mkdir=True)
            else:
                made = library.store.from_url(self.url, client_options=_CLIENT, retry_config=_RETRY)
        except (library.exceptions.BaseError, ValueError) as error:
            raise InputError(
                f"The store {self.url} cannot be used: {_reason(error)}.",
                "Correct DRIFTMAP_STORAGE_URL, or the settings of the store's own library (AWS_REGION …).",
            ) from error
        return made

    def put(self, name: str, content: bytes | Path) -> None:
        """See ``Objects``."""
        with self._told(name):
            self._store.put(name, content)

    def read(self, name: str) -> bytes | None:
        """See ``Objects``."""
        try:
            with self._told(name):
                return bytes(self._store.get(name).bytes())
        except MissingObjectError:
            return None

    def download(self, name: str, to: Path) -> str:
        """See ``Objects``."""
        digest = hashlib.sha256()
        with self._told(name), to.open("wb") as file:
            for piece in self._store.get(name).stream(min_chunk_size=_PIECE):
                digest.update(piece)
                file.write(piece)
        return digest.hexdigest()

    def list(self, prefix: str) -> Iterator[Stored]:
        """See ``Objects``."""
        with self._told(prefix or "its content"):
            for batch in self._store.list(prefix or None):
                for one in batch:
                    yield Stored(one["path"], one["size"], one["last_modified"])

    def delete(self, names: Iterable[str]) -> None:
        """See ``Objects``."""
        for name in names:
            with self._told(name):
                try:
                    self._store.delete(name)
                except FileNotFoundError:
                    continue

    @contextmanager
    def _told(self, name: str) -> Iterator[None]:
        """What the library raises in the block, in our words: the object, what was said, what to do."""
        exceptions = _library().exceptions
        try:
            yield
        except FileNotFoundError as error:
            if "NoSuchBucket" in str(error):
                raise self.refused(name, *_NO_BUCKET) from error
            raise self.missing(name) from error
        except (exceptions.PermissionDeniedError, exceptions.UnauthenticatedError) as error:
            raise self.refused(name, _reason(error)) from error
        except exceptions.BaseError as error:
            if "NoSuchBucket" in str(error):
                raise self.refused(name, *_NO_BUCKET) from error
            raise self.away(name, _reason(error)) from error


def _library() -> ModuleType:
    try:
        import obstore
        import obstore.store
    except ModuleNotFoundError as error:
        raise InputError(
            "DRIFTMAP_STORAGE_URL is set, but the library that speaks to object stores is not installed.",
            "Install it: pip install 'driftmap[storage]'.",
        ) from error
    return obstore


def _reason(error: Exception) -> str:
    """What the library says, in one line, without what the server's answer repeats of the request."""
    said = re.split(r"\s*:?\s*(?:<|\n)", str(error), maxsplit=1)[0]
    return re.sub(r"\?\S*", "", said).strip().rstrip(".")
