"""Files that are there wholly or not at all: written aside, fsynced, renamed. Never a pickle."""

import errno
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from filelock import FileLock, Timeout

from recsys_core.errors import ResourceError
from recsys_core.parts import Parts
from recsys_core.workspace.permissions import FILE, FOLDER, make_folder, tighten

ASIDE = ".writing-"
HALF_WRITTEN = (f"{ASIDE}*", "*.writing", ".tmp??????")
"""Names of files in the making; the last is that of the library that writes weights."""
DOOMED = ".doomed"
STORED = ".stored"
"""Marks a folder whose content is in the object store, so that what is here is only a copy of it."""
DOCUMENT = "result.json"
ARRAYS = "arrays.safetensors"
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_TOLD_FULL = tuple(os.strerror(code) for code in _FULL)


@contextmanager
def full_disk_told() -> Iterator[None]:
    """Whatever library runs out of disk inside the block, a ResourceError says so."""
    try:
        yield
    except ResourceError:
        raise
    except Exception as error:
        full = getattr(error, "errno", None) in _FULL or any(text in str(error) for text in _TOLD_FULL)
        if full:
            raise ResourceError(
                "The disk is full, so nothing was saved. Free some space and try again."
            ) from error
        raise


@contextmanager
def aside(parent: Path) -> Iterator[Path]:
    """A fresh hidden folder inside ``parent`` to write in; rename it away with ``put_in_place``.

    It is removed when the block ends and it is still there. While the block runs a lock marks it as
    alive, so that ``clear_leftovers`` only removes what a killed process left.
    """
    make_folder(parent)
    folder = parent / f"{ASIDE}{secrets.token_hex(6)}"
    lock = FileLock(folder.with_suffix(".lock"))
    with lock:
        folder.mkdir(mode=FOLDER)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            Path(lock.lock_file).unlink(missing_ok=True)


def put_in_place(folder: Path, final: Path) -> None:
    """Fsync everything in ``folder`` and rename it to ``final``, which must not exist. Only its owner can
    read it.
    """
    for path in folder.rglob("*"):
        tighten(path)
        flush(path)
    flush(folder)
    make_folder(final.parent)
    folder.rename(final)
    flush(final.parent)


def put_file_in_place(file: Path, final: Path) -> None:
    """The same of one file, which takes the place of an older one."""
    tighten(file)
    flush(file)
    make_folder(final.parent)
    file.replace(final)
    flush(final.parent)


def doom(*folders: Path) -> None:
    """Mark folders as to be removed, should no row of the catalogue know them.

    Done to one that is being saved until its row is, and to one whose row is about to go, so that after a
    kill nobody takes it for something that was lost. One that is not on this machine is made, since what is
    in the object store goes with it. A full disk may refuse the mark, but not the removal.
    """
    for folder in folders:
        with suppress(OSError):
            make_folder(folder)
            (folder / DOOMED).touch()


def spare(folder: Path) -> None:
    """Take the mark away: the catalogue knows the folder."""
    (folder / DOOMED).unlink(missing_ok=True)


def clear_leftovers(parent: Path) -> None:
    """Remove the folders that killed processes left half-written directly inside ``parent``."""
    for path in parent.glob(f"{ASIDE}*"):
        lock = FileLock(path.with_suffix(".lock"), timeout=0)
        try:
            with lock:
                if path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                Path(lock.lock_file).unlink(missing_ok=True)
        except Timeout:
            continue


def clear_half_written(folder: Path) -> None:
    """Remove the files that a killed process left half-written in a ``folder`` that nobody else is at."""
    for pattern in HALF_WRITTEN:
        for file in folder.glob(pattern):
            if file.is_file():
                file.unlink()


def write_file(path: Path, content: bytes, mode: int = FILE) -> None:
    """Write a file atomically with permission bits ``mode``, by default for its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{ASIDE}{secrets.token_hex(6)}-{path.name}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    flush(path.parent)


def to_json(document: Mapping[str, Any]) -> str:
    """JSON of a document that may hold numpy numbers, paths and dates."""
    return json.dumps(document, default=_jsonable, ensure_ascii=False, indent=1)


def plain(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document as JSON would give it back."""
    loaded: dict[str, Any] = json.loads(to_json(document))
    return loaded


def write_parts(folder: Path, parts: Parts) -> None:
    """Write ``parts`` into an existing folder; ``read_parts`` gives the same back."""
    (folder / DOCUMENT).write_text(to_json(parts.document), encoding="utf-8")
    for name, frame in parts.frames.items():
        frame.to_parquet(folder / f"{name}.parquet")
    if parts.arrays:
        from safetensors.numpy import save_file

        arrays = {name: np.ascontiguousarray(array) for name, array in parts.arrays.items()}
        save_file(arrays, folder / ARRAYS)


def read_parts(folder: Path) -> Parts:
    """Read what ``write_parts`` wrote. Raises FileNotFoundError."""
    document = json.loads((folder / DOCUMENT).read_text(encoding="utf-8"))
    frames = {path.stem: pd.read_parquet(path) for path in sorted(folder.glob("*.parquet"))}
    arrays: dict[str, Any] = {}
    if (folder / ARRAYS).exists():
        from safetensors.numpy import load_file

        arrays = load_file(folder / ARRAYS)
    return Parts(document, frames, arrays)


def _jsonable(value: object) -> object:
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, date | pd.Timestamp):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot be saved as JSON.")


def flush(path: Path) -> None:
    """Wait until a file or folder is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
