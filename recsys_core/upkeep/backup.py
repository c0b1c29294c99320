"""A copy of a workspace in one file, as of one moment, made while the app runs.

| in it | not in it |
|---|---|
| the catalogue: datasets, runs, results, jobs, feedback | locks, half-written files, ``lost+found`` |
| the files of every dataset version, run and result | files that the browser uploaded, until imported |
| vectors, what was said of columns, logs of jobs | ``pseudonym.key``, unless asked for |
| | numbered events, which are made again from the interactions |
"""

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from recsys_core import __version__
from recsys_core.access import Role
from recsys_core.errors import InputError, ResourceError
from recsys_core.progress import Progress, Silent
from recsys_core.upkeep.archive import write_archive
from recsys_core.upkeep.copying import copy_rows
from recsys_core.workspace.cleaning import known_folders
from recsys_core.workspace.content import NUMBERED
from recsys_core.workspace.database import reading, writing
from recsys_core.workspace.engines import make_engine
from recsys_core.workspace.files import ASIDE, DOOMED, STORED, aside, flush, full_disk_told
from recsys_core.workspace.gate import takes
from recsys_core.workspace.person import KEY
from recsys_core.workspace.records import RunStatus
from recsys_core.workspace.schema import bring_up_to_date
from recsys_core.workspace.storage.opening import open_storage
from recsys_core.workspace.tables import DatasetRow, ResultRow, RunRow
from recsys_core.workspace.workspace import Workspace

CATALOGUE: Final = "catalog.db"
BESIDE: Final = ("mappings/*.json", "vectors/*/*.safetensors", "jobs/*.log")
ENDINGS: Final = (".tar", ".tar.zst")


@dataclass(frozen=True)
class Backup:
    """``without_key``: the workspace has a key of pseudonyms, and it is not in the backup."""

    file: Path
    n_files: int
    n_bytes: int
    without_key: bool


@takes(Role.ADMIN, "back up a workspace")
def back_up(ws: Workspace, to: Path, with_key: bool = False, progress: Progress | None = None) -> Backup:
    """Write a workspace to the file ``to``, or to one in the folder ``to``, named after workspace and moment.

    A file is there wholly or not at all, readable by its owner only, and never takes the place of another.
    Raises InputError, ResourceError (a full disk), AccessError to all but admins.
    """
    file, progress = _file(ws, to), progress or Silent()
    key = ws.root / KEY
    header = {
        "driftmap": __version__,
        "created": datetime.now(UTC).isoformat(),
        "workspace": ws.root.name,
        "with_key": with_key and key.exists(),
    }
    part = file.with_name(f"{ASIDE}{secrets.token_hex(6)}-{file.name}")
    progress.stage("Backing up")
    try:
        with full_disk_told(), snapshot(ws, with_key) as folder:
            os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            n_files = write_archive(part, folder, header, file.suffix == ".zst", progress)
            flush(part)
            part.rename(file)
            flush(file.parent)
    finally:
        part.unlink(missing_ok=True)
    return Backup(file, n_files, file.stat().st_size, key.exists() and not with_key)


@contextmanager
def snapshot(ws: Workspace, with_key: bool) -> Iterator[Path]:
    """A folder that holds a workspace as of one moment: a copy of its catalogue and links to its files.

    Made under the write lock, so that rows and files fit; files are never changed in place, and one that
    goes meanwhile stays here until the block ends. Should the process be killed, the folder goes when the
    workspace is next opened. What is in an object store alone is brought first.
    """
    with reading(ws.engine) as session:
        whole = _whole_folders(session)
    _bring(ws, whole)
    with aside(ws.root / "imports") as folder:
        with writing(ws.engine) as session:
            _bring(ws, _whole_folders(session) - whole)  # what became whole since then
            _copy_catalogue(ws, session, folder / CATALOGUE)
            for name in known_folders(session):
                for path in (ws.root / name).rglob("*"):
                    if path.parent.name != NUMBERED:
                        _link(ws.root, path, folder)
            patterns = (*BESIDE, KEY) if with_key else BESIDE
            for path in (path for pattern in patterns for path in ws.root.glob(pattern)):
                _link(ws.root, path, folder)
        yield folder


def _bring(ws: Workspace, names: set[str]) -> None:
    for name in sorted(names):
        open_storage(ws.root, ws.engine).bring(name)


def _whole_folders(session: Session) -> set[str]:
    """Those that do not change any more."""
    runs = session.scalars(select(RunRow.id).where(RunRow.status == RunStatus.FINISHED))
    folders = (*session.scalars(select(DatasetRow.folder)), *session.scalars(select(ResultRow.folder)))
    return {*folders, *(f"runs/{run_id}" for run_id in runs)}


def _copy_catalogue(ws: Workspace, session: Session, to: Path) -> None:
    """As an SQLite file, wherever it is, while ``session`` lets nobody write."""
    if ws.engine.dialect.name == "sqlite":  # by SQLite's own backup, which is quick
        with (
            closing(sqlite3.connect(str(ws.engine.url.database))) as catalogue,
            closing(sqlite3.connect(to)) as copy,
        ):
            catalogue.backup(copy)
        return
    with aside(ws.root / "imports") as folder:
        own = make_engine(folder, None)
        bring_up_to_date(own, folder)
        with writing(own) as copy_session:
            copy_rows(session.connection(), copy_session.connection())
        own.dispose()
        (folder / CATALOGUE).rename(to)


def _link(root: Path, path: Path, folder: Path) -> None:
    of_this_disk = path.suffix == ".writing" or path.name in (DOOMED, STORED) or path.name.startswith(ASIDE)
    if of_this_disk or not path.is_file():
        return
    to = folder / path.relative_to(root)
    to.parent.mkdir(parents=True, exist_ok=True)
    try:
        with suppress(FileNotFoundError):  # a checkpoint that is of no use any more
            to.hardlink_to(path)
    except OSError as error:
        raise ResourceError(
            f"{path} cannot be held still while it is copied ({error.strerror}). Stop the app and every job, "
            "then copy the workspace folder as a whole."
        ) from error


def _file(ws: Workspace, to: Path) -> Path:
    moment = datetime.now(UTC).strftime("%Y-%m-%dT%H%M%SZ")
    file = to / f"{ws.root.name}-{moment}.tar.zst" if to.is_dir() else to
    if not file.name.endswith(ENDINGS):
        raise InputError(
            f"A backup cannot be called {file.name!r}.", f"End its name with {' or '.join(ENDINGS)}."
        )
    if file.exists():
        raise InputError(f"{file} is there already, and no backup is overwritten.", "Choose another name.")
    if not file.parent.is_dir():
        raise InputError(f"There is no folder {str(file.parent)!r}.", "Make it first.")
    return file


def as_dict(backup: Backup) -> dict[str, Any]:
    """As plain JSON."""
    return {
        "file": str(backup.file),
        "files": backup.n_files,
        "bytes": backup.n_bytes,
        "without_key": backup.without_key,
    }
