"""The workspace that the server was started on, held open."""

from functools import lru_cache
from pathlib import Path

from recsys_core.settings import read_settings
from recsys_core.workspace.workspace import Workspace


def home() -> Workspace:
    """Opened once, and again where the environment names another. Raises InputError."""
    settings = read_settings()
    return _opened(settings.workspace.absolute(), settings.database_url)


@lru_cache(maxsize=4)
def _opened(root: Path, database_url: str | None) -> Workspace:
    return Workspace.open(root, database_url)
