"""ZIP archives of an upload: unpacked once, with a list of what was in them."""

import json
import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path
from secrets import token_hex
from typing import Any, Final

from recsys_core.errors import InputError
from recsys_core.logs.containers import Found, find_files

ARCHIVES: Final = ".archives"
LIST: Final = "list.json"


def expand(folder: Path, archive: Path, name: str = "") -> None:
    """Unpack ``archive``, called ``name``, into the upload folder ``folder``, in place of an older one of
    that name. Raises InputError where it is damaged, locked or would not fit.
    """
    name = name or archive.name
    inside = folder / ARCHIVES / token_hex(4)
    inside.mkdir(parents=True)
    try:
        found = find_files(archive, inside, name)
    except (InputError, OSError):
        shutil.rmtree(inside, ignore_errors=True)
        raise
    keep_archives(folder, [other for other in _names(folder) if other != name])
    told = {
        "name": name,
        "stamp": stamp(archive),
        "files": [[one.path.name, one.name] for one in found],
        "hidden": _hidden(archive, name, {one.name for one in found}),
    }
    (inside / LIST).write_text(json.dumps(told), encoding="utf-8")


def held_of_archives(folder: Path) -> list[Found]:
    """The unpacked files, by name."""
    files = [
        Found(inside / on_disk, name, inside=True)
        for inside, told in _lists(folder)
        for on_disk, name in told["files"]
    ]
    return sorted(files, key=lambda one: one.name)


def hidden_of_archives(folder: Path) -> list[str]:
    """What was in the archives and was not unpacked, because it is hidden."""
    return sorted(name for _, told in _lists(folder) for name in told["hidden"])


def is_expanded(folder: Path, archive: Path, name: str) -> bool:
    """Whether this very archive has been unpacked."""
    return any(told["name"] == name and told["stamp"] == stamp(archive) for _, told in _lists(folder))


def keep_archives(folder: Path, names: Sequence[str]) -> None:
    """Remove what was unpacked of the archives that are not called one of ``names``."""
    for inside, told in _lists(folder):
        if told["name"] not in names:
            shutil.rmtree(inside, ignore_errors=True)


def stamp(path: Path) -> list[int]:
    """What tells whether a file has changed."""
    now = path.stat()
    return [now.st_size, now.st_mtime_ns]


def _names(folder: Path) -> list[str]:
    return [told["name"] for _, told in _lists(folder)]


def _lists(folder: Path) -> list[tuple[Path, dict[str, Any]]]:
    paths = sorted((folder / ARCHIVES).glob(f"*/{LIST}"))
    return [(path.parent, json.loads(path.read_text(encoding="utf-8"))) for path in paths]


def _hidden(archive: Path, name: str, found: set[str]) -> list[str]:
    with zipfile.ZipFile(archive) as packed:
        entries = [f"{name}/{entry.filename}" for entry in packed.infolist() if not entry.is_dir()]
    return [entry for entry in entries if entry not in found]
