"""Rows of the catalogue that do not fit its files or each other."""

from collections.abc import Collection, Iterator, Mapping
from functools import partial
from typing import Any, Final

from sqlalchemy import delete, select

from recsys_core.upkeep.fault import Fault, LostAndFound
from recsys_core.workspace.content import INTERACTIONS, ITEMS, file_sha256
from recsys_core.workspace.database import reading, writing
from recsys_core.workspace.files import DOCUMENT, to_json, write_file
from recsys_core.workspace.records import DatasetInfo, RunInfo, RunStatus
from recsys_core.workspace.storage.opening import open_remote
from recsys_core.workspace.storage.remote import key
from recsys_core.workspace.tables import DatasetRow, ResultRow, RunRow
from recsys_core.workspace.workspace import Workspace

MANIFEST: Final = "manifest.json"
PUT_BACK: Final = "Put it back from a backup, or import the logs again and delete this dataset."
NOTED: Final = "The row goes; what it said is kept in lost+found/…/rows.jsonl."
Row = DatasetRow | RunRow | ResultRow


def gone_folders(ws: Workspace) -> Iterator[Fault]:
    """A whole folder gone whose rows are there: most likely a disk is missing, so no row is touched. Nothing
    where the folder is the cache of an object store.
    """
    if open_remote(ws.root, ws.engine) is not None:
        return
    for table, folder in ((DatasetRow, "datasets"), (RunRow, "runs"), (ResultRow, "results")):
        with reading(ws.engine) as session:
            some = session.scalars(select(table).limit(1)).first()
        if some is not None and not (ws.root / folder).is_dir():
            yield Fault(
                "gone",
                folder,
                f"The whole folder {folder} is gone, though the catalogue knows of files in it.",
                "See that every disk is there, or restore a backup.",
            )


def datasets(ws: Workspace, checksums: bool = True, away: Collection[str] = ()) -> Iterator[Fault]:
    """Versions without their files, with other files than were written, or without their manifest.

    ``checksums``: compare every file with its sha256 in the manifest, which reads all of it. ``away``: keys
    of folders that need not be on this disk.
    """
    for info in (one for newest in ws.datasets() for one in ws.versions(newest.name)):
        folder = info.kept.here
        missing = [name for name in (INTERACTIONS, ITEMS) if not (folder / name).is_file()]
        if missing:
            if (ws.root / "datasets").is_dir() and key(info.kept.name) not in away:
                yield _without_files(ws, info, missing)
            continue
        if checksums:
            yield from _damaged(info)
        if not (folder / MANIFEST).is_file():
            yield Fault(
                "manifest",
                f"{_named(info)}/{MANIFEST}",
                "The manifest of this version is gone; the catalogue has the same.",
                "Is written again.",
                partial(_write_manifest, info),
            )


def runs(ws: Workspace, away: Collection[str] = ()) -> Iterator[Fault]:
    """Runs without their files, or of a dataset that is gone. ``away``: as of ``datasets``."""
    names = {info.name for info in ws.datasets()}
    for run in ws.runs():
        if run.dataset not in names:
            yield Fault(
                "orphan",
                f"runs/{run.id}",
                f"{run.name} was trained on {run.dataset!r}, which is gone.",
                "Moves to lost+found.",
                partial(_take_row, ws, RunRow, run.id),
            )
        elif run.kept.name in away:
            continue
        elif run.status is RunStatus.FINISHED and (ws.root / "runs").is_dir() and not _has_files(run):
            yield Fault(
                "missing",
                f"runs/{run.id}",
                f"The files of {run.name} are gone.",
                "It counts as failed, so that no page takes it.",
                partial(_fail, ws, run),
            )


def results(ws: Workspace, away: Collection[str] = ()) -> Iterator[Fault]:
    """Results without their files, or of a dataset or run that is gone. Stale ones outlive their version.
    ``away``: as of ``datasets``.
    """
    versions = {(one.name, one.version) for info in ws.datasets() for one in ws.versions(info.name)}
    known = {name for name, _ in versions}
    run_ids = {run.id for run in ws.runs()} | {None}
    with reading(ws.engine) as session:
        rows = list(session.scalars(select(ResultRow).order_by(ResultRow.id)))
    for row in rows:
        there = row.dataset in known if row.stale else (row.dataset, row.version) in versions
        if not there or row.run_id not in run_ids:
            said = f"The result {row.kind} is of a dataset version or run that is gone."
            kind, cure = "orphan", "Moves to lost+found."
        elif row.folder in away:
            continue
        elif (ws.root / "results").is_dir() and not (ws.root / row.folder / DOCUMENT).is_file():
            said, kind, cure = (
                f"The files of the result {row.kind} are gone; make it again.",
                "missing",
                NOTED,
            )
        else:
            continue
        yield Fault(kind, row.folder, said, cure, partial(_take_row, ws, ResultRow, row.id))


def _without_files(ws: Workspace, info: DatasetInfo, missing: list[str]) -> Fault:
    return Fault(
        "missing",
        _named(info),
        f"{info.name}, version {info.version}, lacks {' and '.join(missing)}.",
        f"{NOTED} Before that, you may put the files back from a backup.",
        partial(_take_version, ws, info),
    )


def _damaged(info: DatasetInfo) -> Iterator[Fault]:
    outputs: Mapping[str, str] = info.manifest.get("outputs") or {}
    for name, wanted in outputs.items():
        path = info.kept.here / name
        if path.is_file() and file_sha256(path) != wanted:
            yield Fault(
                "damaged",
                f"{_named(info)}/{name}",
                "The file is not what was written: its sha256 is another than in the manifest.",
                PUT_BACK,
            )


def _named(info: DatasetInfo) -> str:
    return info.kept.name


def _has_files(run: RunInfo) -> bool:
    """A finished run has some; any other at least its folder, to go on in."""
    if run.status is RunStatus.FINISHED:
        return next(run.kept.here.glob("*"), None) is not None
    return run.kept.here.is_dir()


def _write_manifest(info: DatasetInfo, _: LostAndFound) -> None:
    write_file(info.kept.here / MANIFEST, to_json(info.manifest).encode())


def _fail(ws: Workspace, run: RunInfo, _: LostAndFound) -> None:
    run.kept.here.mkdir(parents=True, exist_ok=True)
    said = {"error": "Its files are gone.", "remedy": "Start again with its settings."}
    ws.finish_run(run.id, {**run.metrics, **said}, RunStatus.FAILED)


def _take_version(ws: Workspace, info: DatasetInfo, shelf: LostAndFound) -> None:
    same = (DatasetRow.name == info.name) & (DatasetRow.version == info.version)
    with reading(ws.engine) as session:
        row_id = session.scalars(select(DatasetRow.id).where(same)).one()
    _take_row(ws, DatasetRow, row_id, shelf)


def _take_row(
    ws: Workspace,
    table: type[DatasetRow] | type[RunRow] | type[ResultRow],
    row_id: int | str,
    shelf: LostAndFound,
) -> None:
    """Write a row down, take it out of the catalogue, and its folder, or what is left of it, away."""
    with writing(ws.engine) as session:
        row = session.get(table, row_id)
        if not isinstance(row, DatasetRow | RunRow | ResultRow):
            return
        shelf.note(table.__tablename__, _values(row))
        session.execute(delete(table).where(table.id == row_id))
        folder = ws.root / (f"runs/{row.id}" if isinstance(row, RunRow) else row.folder)
        if folder.exists():
            shelf.take(folder)


def _values(row: Row) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}
