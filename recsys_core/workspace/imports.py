"""Importing logs into a workspace: prepare → clean → merge → save; or the same without saving."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from recsys_core import __version__
from recsys_core.columns import N_USERS
from recsys_core.errors import InputError, NotEnoughDataError
from recsys_core.logs.importing import CleanLog, read_interactions
from recsys_core.logs.items import CleanItems, read_items
from recsys_core.logs.pseudonyms import Pseudonyms
from recsys_core.logs.sources import fetch, open_duckdb
from recsys_core.progress import Progress, Silent
from recsys_core.workspace.content import INTERACTIONS, file_sha256
from recsys_core.workspace.files import aside
from recsys_core.workspace.merging import Merge
from recsys_core.workspace.preparation import PreparedImport, prepare
from recsys_core.workspace.records import DatasetInfo
from recsys_core.workspace.requests import ImportPreview, ImportReport, ImportRequest
from recsys_core.workspace.workspace import Workspace

FEWEST_USERS = 20
PSEUDONYMISED = "pseudonymised"


@dataclass(frozen=True)
class _Cleaned:
    """A request carried out as far as the workspace is not touched."""

    prepared: PreparedImport
    log: CleanLog
    merge: Merge
    items: pd.DataFrame
    item_files: Mapping[str, CleanItems]
    folder: Path


def import_logs(ws: Workspace, request: ImportRequest, progress: Progress | None = None) -> ImportReport:
    """Make the next version of a dataset from log files and item files.

    Another domain is added; the same domain is replaced, or appended to. Nothing is saved where the
    import fails. Raises InputError, NotEnoughDataError, CancelledError.
    """
    progress = progress or Silent()
    with _cleaned(ws, request, progress) as cleaned:
        cleaned.log.check(request.max_bad)
        _check_users(cleaned.merge.n_users())
        overlap, notes = cleaned.merge.overlap(), _notes(cleaned)
        progress.stage("Saving")
        progress.check_cancelled()
        merged = cleaned.folder / INTERACTIONS
        cleaned.merge.write(merged)
        extras = [cleaned.log.quarantine] if cleaned.log.quarantine else []
        info = ws.save_dataset(request.dataset, merged, cleaned.items, _manifest(request, cleaned), extras)
    return ImportReport(
        info=info,
        n_read=cleaned.log.n_read,
        n_kept=cleaned.log.n_kept,
        n_bad=cleaned.log.n_bad,
        n_duplicates=cleaned.log.n_duplicates,
        reasons=cleaned.log.reasons,
        quarantine=info.folder / cleaned.log.quarantine.name if cleaned.log.quarantine else None,
        overlap=overlap,
        notes=notes,
    )


def preview_import(ws: Workspace, request: ImportRequest, progress: Progress | None = None) -> ImportPreview:
    """What ``import_logs`` would do, saving nothing.

    Raises InputError where a file cannot be understood; what is wrong with its rows is told in ``problem``.
    """
    with _cleaned(ws, request, progress or Silent()) as cleaned:
        log, merge = cleaned.log, cleaned.merge
        return ImportPreview(
            first=fetch(merge.connection, f"SELECT * FROM {merge.new} LIMIT 20"),
            bad=log.bad,
            n_read=log.n_read,
            n_kept=log.n_kept,
            n_bad=log.n_bad,
            n_duplicates=log.n_duplicates,
            reasons=log.reasons,
            domains=merge.domains(),
            overlap=merge.overlap(),
            notes=_notes(cleaned),
            problem=_problem(cleaned, request.max_bad),
        )


@contextmanager
def _cleaned(ws: Workspace, request: ImportRequest, progress: Progress) -> Iterator[_Cleaned]:
    """Clean in a folder aside; nobody else imports into this dataset meanwhile."""
    prepared = prepare(request)
    with ws.dataset_lock(request.dataset), aside(ws.root / "imports") as folder:
        versions = ws.versions(request.dataset)
        old = versions[-1] if versions else None
        _check_pseudonyms(request, old)
        key = ws.root / "pseudonym.key"
        pseudonyms = Pseudonyms.of_key_file(key) if request.pseudonymise else None
        progress.stage("Reading the log")
        log = read_interactions(prepared.logs, folder, pseudonyms, progress=progress)
        progress.stage("Reading the items")
        with open_duckdb(folder) as connection:
            merge = Merge(connection, log.path, old, request.append)
            item_files, placed = {}, []
            for info, roles in prepared.items:
                progress.check_cancelled()
                item_files[info.path.name] = found = read_items(info, roles, folder)
                placed.append(merge.place_items(found.frame, info.path))
            yield _Cleaned(prepared, log, merge, merge.items(placed), item_files, folder)


def _check_users(n_users: int) -> None:
    if n_users < FEWEST_USERS:
        raise NotEnoughDataError(
            f"The dataset would have {n_users} users; at least {FEWEST_USERS} are needed.",
            "Import a larger log, or check that the right column was mapped to user.",
        )


def _check_pseudonyms(request: ImportRequest, old: DatasetInfo | None) -> None:
    if old is None or bool(old.manifest.get(PSEUDONYMISED)) == request.pseudonymise:
        return
    holds = "pseudonyms" if old.manifest.get(PSEUDONYMISED) else "the users' own ids"
    raise InputError(
        f"The dataset {request.dataset!r} holds {holds}, so that users of this log would not be found in it.",
        f"Import {'without' if request.pseudonymise else 'with'} pseudonyms, or into another dataset.",
    )


def _problem(cleaned: _Cleaned, max_bad: float) -> str:
    try:
        cleaned.log.check(max_bad)
        _check_users(cleaned.merge.n_users())
    except InputError as error:
        return str(error)
    return ""


def _notes(cleaned: _Cleaned) -> tuple[str, ...]:
    log = cleaned.log
    notes = [f"The times of {file} were read as {unit}." for file, unit in log.time_units.items()]
    if log.n_duplicates:
        notes.append(f"{log.n_duplicates:,} rows repeated another in every column and were left out.")
    if n_known := cleaned.merge.n_known():
        notes.append(f"{n_known:,} rows were already in the dataset and were not added again.")
    notes += _item_notes(cleaned)
    overlap = cleaned.merge.overlap()
    if len(overlap) and not overlap[N_USERS].any():
        notes.append(
            "No user appears in more than one domain, so nothing can be learned from one for another. "
            "Check that the logs name the same people by the same ids."
        )
    return tuple(notes)


def _item_notes(cleaned: _Cleaned) -> list[str]:
    notes = []
    for file, items in cleaned.item_files.items():
        if items.n_bad:
            notes.append(f"{items.n_bad:,} rows of {file} have no item id and were left out.")
        if items.n_repeated:
            notes.append(f"{items.n_repeated:,} rows of {file} tell of an item again; the first text counts.")
    for domain, (n_silent, n_items) in cleaned.merge.silent_items(cleaned.items).items():
        if n_silent:
            notes.append(f"{n_silent:,} of {n_items:,} items in the log of {domain} have no title or text.")
    return notes


def _manifest(request: ImportRequest, cleaned: _Cleaned) -> dict[str, Any]:
    old, log = cleaned.merge.old, cleaned.log
    return {
        "driftmap": __version__,
        "previous_version": old.version if old else None,
        "append": request.append,
        PSEUDONYMISED: request.pseudonymise,
        "sources": [
            {
                "file": one.info.path.name,
                "sha256": file_sha256(one.info.path),
                "bytes": one.info.size,
                "format": one.info.format,
                "roles": one.roles.as_dict(),
                "domain": one.domain,
                "times": log.time_units[one.info.path.name],
            }
            for one in cleaned.prepared.logs
        ],
        "items": [
            {
                "file": info.path.name,
                "sha256": file_sha256(info.path),
                "roles": {**info.guess.fields, **roles},
            }
            for info, roles in cleaned.prepared.items
        ],
        "counts": {
            "read": log.n_read,
            "kept": log.n_kept,
            "bad": log.n_bad,
            "duplicates": log.n_duplicates,
            "reasons": dict(log.reasons),
        },
    }
