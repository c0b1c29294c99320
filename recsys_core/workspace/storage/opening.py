"""Which storage a workspace has, as the settings say."""

from functools import lru_cache
from pathlib import Path

from sqlalchemy import Engine

from recsys_core.settings import read_settings
from recsys_core.workspace.storage.remote import Remote
from recsys_core.workspace.storage.storage import LocalDisk, Storage


def open_storage(root: Path, engine: Engine) -> Storage:
    """The storage of the workspace in ``root``; nothing is asked of an object store before it is used."""
    return open_remote(root, engine) or LocalDisk(root)


def open_remote(root: Path, engine: Engine) -> Remote | None:
    """The object store behind a workspace, None where its folder is all there is."""
    url = read_settings().storage_url
    return _remote(root, url, engine) if url else None


@lru_cache(maxsize=8)  # a store that was asked once has a connection, and is known to be the right one
def _remote(root: Path, url: str, engine: Engine) -> Remote:
    return Remote(root, url, engine)
