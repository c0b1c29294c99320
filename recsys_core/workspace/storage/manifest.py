"""What is in a published folder: each file with its size and sha256."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

from recsys_core.workspace.content import NUMBERED
from recsys_core.workspace.files import ASIDE, DOOMED, STORED

CHECKPOINT: Final = "checkpoint.safetensors"
"""As ``training.checkpoint`` calls it, which is too heavy to import when a workspace is opened."""
_STAYS: Final = (CHECKPOINT, DOOMED, STORED)
"""What only serves the machine it is on."""


@dataclass(frozen=True)
class Entry:
    """One file: ``size`` in bytes, ``sha256`` in hexadecimal digits."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """``files`` by their path below the folder, with slashes; ``folders``: the empty ones."""

    files: Mapping[str, Entry]
    folders: tuple[str, ...] = ()

    @classmethod
    def of(cls, folder: Path) -> "Manifest":
        """Of a whole folder; every file is read once."""
        files, folders = dict[str, Entry](), []
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if path.is_file() and _goes(path):
                with path.open("rb") as content:
                    sha256 = hashlib.file_digest(content, "sha256").hexdigest()
                files[name] = Entry(path.stat().st_size, sha256)
            elif path.is_dir() and next(path.iterdir(), None) is None:
                folders.append(name)
        return cls(files, tuple(folders))

    @classmethod
    def parse(cls, content: bytes) -> "Manifest":
        """What ``to_json`` wrote. Raises ValueError where it is anything else, or would leave its folder."""
        try:
            document = json.loads(content)
            files = {str(name): Entry(**entry) for name, entry in document["files"].items()}
            folders = tuple(map(str, document["folders"]))
        except (TypeError, KeyError, AttributeError) as error:
            raise ValueError("it is no manifest") from error
        if not all(map(_stays_inside, (*files, *folders))):
            raise ValueError("it names a file outside of its folder")
        return cls(files, folders)

    def to_json(self) -> bytes:
        """As a JSON document."""
        files = {name: asdict(entry) for name, entry in self.files.items()}
        document: dict[str, Any] = {"files": files, "folders": list(self.folders)}
        return json.dumps(document, ensure_ascii=False, indent=1).encode()

    def without(self, name: str) -> "Manifest":
        """The same but for one file."""
        return Manifest({one: entry for one, entry in self.files.items() if one != name}, self.folders)


def _goes(path: Path) -> bool:
    kept = path.name not in _STAYS and path.parent.name != NUMBERED
    return kept and not path.name.startswith(ASIDE) and path.suffix != ".writing"


def _stays_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts
