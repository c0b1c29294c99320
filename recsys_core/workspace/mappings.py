"""What people said of a file, remembered for the next with the same columns. Never a value of the data."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from recsys_core.access import Role
from recsys_core.errors import InputError
from recsys_core.logs.event_rules import EventRules
from recsys_core.logs.reading import FileKind, Reading
from recsys_core.logs.roles import ROLES
from recsys_core.workspace.files import to_json, write_file
from recsys_core.workspace.gate import takes
from recsys_core.workspace.workspace import Workspace

FOLDER = "mappings"


@dataclass(frozen=True)
class Remembered:
    """``roles``: role → column, several text columns joined by commas. ``rules`` matter for logs."""

    roles: Mapping[str, str]
    reading: Reading = field(default_factory=Reading)
    rules: EventRules = field(default_factory=EventRules)


def fingerprint(kind: FileKind, columns: Sequence[str]) -> str:
    """sha256 in hex of what a file holds and the names of its columns, in order."""
    return hashlib.sha256(json.dumps([kind, *columns]).encode()).hexdigest()


@takes(Role.ANALYST, "keep how files are read")
def remember(ws: Workspace, mark: str, said: Remembered) -> None:
    """Keep what was said of the files whose ``fingerprint`` is ``mark``, instead of what was kept before."""
    document = {"roles": dict(said.roles), "reading": asdict(said.reading), "rules": said.rules.as_dict()}
    write_file(_path(ws, mark), to_json(document).encode())


@takes(Role.VIEWER, "see how files are read")
def recall(ws: Workspace, mark: str) -> Remembered | None:
    """What was said of such files; None where nothing was, or where it can no longer be read."""
    try:
        document = json.loads(_path(ws, mark).read_text(encoding="utf-8"))
        roles = {str(role): str(column) for role, column in document["roles"].items() if role in ROLES}
        return Remembered(
            roles, Reading.parse(**document["reading"]), EventRules.from_dict(document["rules"])
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, InputError):
        return None


@takes(Role.ANALYST, "forget how files are read")
def forget_mapping(ws: Workspace, mark: str) -> None:
    """Remember nothing of such files any more."""
    _path(ws, mark).unlink(missing_ok=True)


def _path(ws: Workspace, mark: str) -> Path:
    return ws.root / FOLDER / f"{mark}.json"
