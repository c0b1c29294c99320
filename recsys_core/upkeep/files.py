"""Files that nobody knows: folders without a row, logs without a job, half-written files, dead locks."""

import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout
from sqlalchemy import select

from recsys_core.jobs.ledger import Ledger
from recsys_core.jobs.place import jobs_folder
from recsys_core.upkeep.fault import Fault, LostAndFound
from recsys_core.workspace import files
from recsys_core.workspace.cleaning import known_folders
from recsys_core.workspace.database import reading, writing
from recsys_core.workspace.datasets import lock_file
from recsys_core.workspace.files import ASIDE, DOOMED
from recsys_core.workspace.tables import DatasetRow, RunRow
from recsys_core.workspace.workspace import Workspace

OLD_SECONDS: Final = 3600.0
"""No file is being written for so long: nobody is at it any more."""
HALF_WRITTEN: Final = (
    f"{ASIDE}*",
    f"mappings/{ASIDE}*",
    *(f"{folder}/{pattern}" for folder in ("runs/*", "vectors/*") for pattern in files.HALF_WRITTEN),
    "jobs/trials/*.writing",
    ".pseudonym.key-*",
)


def strays(ws: Workspace) -> Iterator[Fault]:
    """Folders and files among those of datasets, results and runs that no row knows."""
    with reading(ws.engine) as session:
        known = known_folders(session)
    for path in _stored(ws.root):
        name = path.relative_to(ws.root).as_posix()
        if name not in known and not _in_the_making(path):
            yield Fault(
                "stray",
                name,
                "No row of the catalogue knows it: an older catalogue was put back, or it was copied here.",
                "Moves to lost+found.",
                partial(_shelve, ws, path),
            )


def stray_logs(ws: Workspace) -> Iterator[Fault]:
    """Log files of jobs that the ledger does not know."""
    known = {str(job.id) for job in Ledger(ws).jobs(limit=1_000_000)}
    for path in sorted(jobs_folder(ws).glob("*.log")):
        if path.stem not in known:
            yield Fault(
                "stray",
                path.relative_to(ws.root).as_posix(),
                "The log of a job that the ledger does not know.",
                "Moves to lost+found.",
                partial(_take, path),
            )


def half_written(ws: Workspace, old: float = OLD_SECONDS) -> Iterator[Fault]:
    """Files that a killed process was writing and nobody has touched for ``old`` seconds."""
    for pattern in HALF_WRITTEN:
        for path in sorted(ws.root.glob(pattern)):
            if path.is_file() and path.suffix != ".lock" and _age(path) >= old:
                yield Fault(
                    "half-written",
                    path.relative_to(ws.root).as_posix(),
                    "A process was killed while it wrote this file, whose old content is untouched.",
                    "Is deleted.",
                    partial(_delete, path),
                )


def dead_locks(ws: Workspace) -> Iterator[Fault]:
    """Locks of datasets and runs that are gone, held by nobody."""
    with reading(ws.engine) as session:
        used = {lock_file(ws.root, name).name for name in session.scalars(select(DatasetRow.name))}
        used |= {f"{run_id}.lock" for run_id in session.scalars(select(RunRow.id))}
    for pattern in ("dataset-*.lock", "run-*.lock"):
        for path in sorted((ws.root / "locks").glob(pattern)):
            if path.name not in used and is_free(path):
                yield Fault(
                    "dead-lock",
                    path.relative_to(ws.root).as_posix(),
                    "The lock of a dataset or run that is gone.",
                    "Is deleted.",
                    partial(_delete, path),
                )


def is_free(lock: Path) -> bool:
    """Whether nobody holds a lock."""
    if not lock.exists():
        return True
    try:
        with FileLock(lock, timeout=0):
            return True
    except Timeout:
        return False


def _stored(root: Path) -> Iterator[Path]:
    """What lies where a row should know it."""
    parents = [root / "results", root / "runs", *(p for p in root.glob("datasets/*") if p.is_dir())]
    yield from sorted(path for path in root.glob("datasets/*") if path.is_file())
    for parent in parents:
        yield from sorted(parent.iterdir() if parent.is_dir() else ())


def _in_the_making(path: Path) -> bool:
    """Written aside, or renamed into place a moment before its row is there; empty folders hold nothing."""
    if path.name.startswith(ASIDE):
        return True
    return path.is_dir() and ((path / DOOMED).exists() or next(path.glob("*"), None) is None)


def _shelve(ws: Workspace, path: Path, shelf: LostAndFound) -> None:
    with writing(ws.engine) as session:  # under the write lock nobody gives it a row meanwhile
        if path.relative_to(ws.root).as_posix() not in known_folders(session):
            shelf.take(path)


def _take(path: Path, shelf: LostAndFound) -> None:
    shelf.take(path)


def _delete(path: Path, _: LostAndFound) -> None:
    path.unlink(missing_ok=True)


def _age(path: Path) -> float:
    """Seconds since a file was written to; one from the future, where the clock was set back, is old."""
    try:
        return abs(time.time() - path.stat().st_mtime)
    except FileNotFoundError:  # renamed into place meanwhile
        return 0.0
