"""How the versions go that still hold a person who was removed from a dataset, and what was made of them.

Removing a person makes a new version whose manifest says ``forgets``. From then on every older version is
doomed: it is purged right after, and where the process is killed in between, when the workspace is next
opened, on whichever machine. An object store loses them before the catalogue does, so that until then the
catalogue tells what is still to go.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import pyarrow.parquet as pq
from filelock import Timeout
from sqlalchemy import Engine, Select, func, select
from sqlalchemy.orm import Session

from recsys_core.columns import USER, USER_ID
from recsys_core.errors import NotFoundError
from recsys_core.workspace.database import reading, writing
from recsys_core.workspace.datasets import lock_file
from recsys_core.workspace.files import doom
from recsys_core.workspace.judged import FILE as JUDGED
from recsys_core.workspace.locking import held
from recsys_core.workspace.storage.objects import MissingObjectError
from recsys_core.workspace.storage.opening import open_storage
from recsys_core.workspace.storage.storage import LocalDisk, Storage
from recsys_core.workspace.tables import CounterRow, DatasetRow, ResultRow, RunRow
from recsys_core.workspace.traces import leave_no_trace

FORGETS: Final = "forgets"
"""In a manifest: this version was made to remove a person, so no older one may stay."""


@dataclass(frozen=True)
class Purged:
    """``versions``: those that went. ``runs``: ids of the runs on them, now stale. ``stale``, ``deleted``:
    the kinds of the results made from them, kept as stale or deleted since they held people.
    """

    versions: tuple[int, ...]
    runs: tuple[str, ...]
    stale: tuple[str, ...]
    deleted: tuple[str, ...]


def purge(root: Path, engine: Engine, dataset: str, before: int) -> Purged:
    """Remove every version of ``dataset`` under ``before``, with what was made from them. Hold its lock.

    Rows go in one transaction, then folders; a folder whose row is gone goes when the workspace is opened.
    A run is marked stale and kept: no person can be read from its weights, though they were trained with
    that person's data; what each of its validation users got goes. A result goes where one of its tables
    has a row per person (map, migration, scorecard), and is marked stale where none has (interests).

    Raises OutageError where an object store does not answer; then it is done when the workspace is opened.
    """
    storage = open_storage(root, engine)
    _clear_store(storage, engine, dataset, before)
    with writing(engine) as session:
        versions = _versions(session, dataset, before)
        results = _results(session, dataset, before)
        personal = [result for result in results if _is_personal(storage, result)]
        runs = _mark_runs(session, dataset, before)
        for result in results:
            result.stale = True
        gone: list[DatasetRow | ResultRow] = [*versions, *personal]
        folders = [root / row.folder for row in gone]
        doom(*folders)
        for row in gone:
            session.delete(row)
    storage.remove(folders)
    leave_no_trace(engine)
    return Purged(
        versions=tuple(row.version for row in versions),
        runs=runs,
        stale=tuple(row.kind for row in results if row not in personal),
        deleted=tuple(row.kind for row in personal),
    )


def would_purge(root: Path, engine: Engine, dataset: str, before: int) -> Purged:
    """What ``purge`` would do, doing nothing."""
    storage = open_storage(root, engine)
    with reading(engine) as session:
        versions = _versions(session, dataset, before)
        results = {row: _brought_personal(storage, row) for row in _results(session, dataset, before)}
        return Purged(
            versions=tuple(row.version for row in versions),
            runs=tuple(run.id for run in session.scalars(_runs(dataset, before))),
            stale=tuple(row.kind for row, personal in results.items() if not personal),
            deleted=tuple(row.kind for row, personal in results.items() if personal),
        )


def finish_purges(root: Path, engine: Engine) -> None:
    """Complete what a killed process began. Where another one is at it right now, it is left to that."""
    for dataset in _doomed(engine):
        try:
            with held(engine, lock_file(root, dataset), 0, nested=True):
                if dataset in (still := _doomed(engine)):
                    before, moment = still[dataset]
                    remove_uploads(root, moment)
                    purge(root, engine, dataset, before)
        except Timeout:
            continue


def holds_people(folder: Path) -> bool:
    """Whether a table of a saved result has a column of users: ids, or their row numbers."""
    return any({USER, USER_ID} & set(pq.read_schema(path).names) for path in folder.glob("*.parquet"))


def _clear_store(storage: Storage, engine: Engine, dataset: str, before: int) -> None:
    """Take out of an object store what ``purge`` takes out of the catalogue, and what killed processes left
    there of the dataset; bring the results that it has to look into.
    """
    with reading(engine) as session:
        results = _results(session, dataset, before)
        runs = [run.id for run in session.scalars(_runs(dataset, before))]
        query = select(DatasetRow.folder).where(DatasetRow.name == dataset, DatasetRow.version >= before)
        staying = list(session.scalars(query))
    for result in results:
        if _brought_personal(storage, result):
            storage.withdraw(result.folder)
    for run_id in runs:
        storage.remove_file(f"runs/{run_id}", JUDGED)
    storage.keep_only(f"datasets/{dataset}", staying)


def _brought_personal(storage: Storage, result: ResultRow) -> bool:
    with suppress(MissingObjectError):
        storage.bring(result.folder)
    return _is_personal(storage, result)


def _is_personal(storage: Storage, result: ResultRow) -> bool:
    """Whether a result holds people. One that an object store has no more is taken to."""
    folder = storage.root / result.folder
    lost = not isinstance(storage, LocalDisk) and not folder.is_dir()
    return lost or holds_people(folder)


def uploads_before(root: Path, moment: datetime) -> Iterator[Path]:
    """Files that were uploaded in the browser until ``moment`` and are still there."""
    for path in sorted((root / "uploads").rglob("*")):
        if path.is_file() and path.stat().st_mtime <= moment.timestamp():
            yield path


def remove_uploads(root: Path, moment: datetime) -> tuple[Path, ...]:
    """Remove those files; which they were."""
    gone = tuple(uploads_before(root, moment))
    for path in gone:
        path.unlink(missing_ok=True)
        with suppress(OSError):  # something else is still in it
            path.parent.rmdir()
    return gone


def check_not_purged(session: Session, dataset: str, version: int) -> None:
    """Raise NotFoundError where ``version`` was purged while someone was still at work on it: the dataset
    is there, but begins later; or where the dataset was deleted meanwhile.
    """
    first = session.scalar(select(func.min(DatasetRow.version)).where(DatasetRow.name == dataset))
    if first is None and session.get(CounterRow, f"dataset {dataset}") is not None:
        raise NotFoundError(f"The dataset {dataset!r} is gone.", "Import its logs again.")
    if first is not None and version < first:
        raise NotFoundError(
            f"Version {version} of {dataset!r} is gone, because a person was removed from it.",
            "Do it again on the newest version.",
        )


def _doomed(engine: Engine) -> dict[str, tuple[int, datetime]]:
    """Datasets with versions older than one that forgets: that version, and when it was made."""
    found: dict[str, tuple[int, datetime]] = {}
    seen: set[str] = set()
    with reading(engine) as session:
        for row in session.scalars(select(DatasetRow).order_by(DatasetRow.version)):
            if row.name in seen and row.manifest.get(FORGETS):
                found[row.name] = (row.version, row.created)
            seen.add(row.name)
    return found


def _versions(session: Session, dataset: str, before: int) -> list[DatasetRow]:
    query = select(DatasetRow).where(DatasetRow.name == dataset, DatasetRow.version < before)
    return list(session.scalars(query.order_by(DatasetRow.version)))


def _results(session: Session, dataset: str, before: int) -> list[ResultRow]:
    query = select(ResultRow).where(ResultRow.dataset == dataset, ResultRow.version < before)
    return list(session.scalars(query.where(ResultRow.stale.is_(False)).order_by(ResultRow.id)))


def _runs(dataset: str, before: int) -> Select[RunRow]:
    fresh = (RunRow.dataset == dataset) & (RunRow.version < before) & RunRow.stale.is_(False)
    return select(RunRow).where(fresh).order_by(RunRow.number)


def _mark_runs(session: Session, dataset: str, before: int) -> tuple[str, ...]:
    runs = list(session.scalars(_runs(dataset, before)))
    for run in runs:
        run.stale = True
    return tuple(run.id for run in runs)
