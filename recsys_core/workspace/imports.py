"""Importing logs into a workspace: prepare → clean → merge → save; or the same without saving."""

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from recsys_core.access import Role
from recsys_core.errors import InputError, NotEnoughDataError
from recsys_core.logs.clean_log import CleanLog
from recsys_core.logs.filters import filter_effects, keep_frequent
from recsys_core.logs.importing import read_interactions
from recsys_core.logs.privacy import people_in_text
from recsys_core.logs.sources import fetch, open_duckdb, quoted
from recsys_core.logs.tally import tally_of
from recsys_core.progress import Progress, Silent
from recsys_core.workspace.content import INTERACTIONS, file_sha256
from recsys_core.workspace.described import Described, read_described
from recsys_core.workspace.files import aside, flush, full_disk_told
from recsys_core.workspace.findings import coverage_findings, item_findings, log_findings, merge_findings
from recsys_core.workspace.gate import changes, takes
from recsys_core.workspace.keys import pseudonyms_of
from recsys_core.workspace.manifest import PSEUDONYMISED, import_manifest
from recsys_core.workspace.merging import Merge
from recsys_core.workspace.people_findings import people_findings, told_findings
from recsys_core.workspace.person import KEY
from recsys_core.workspace.preparation import prepare
from recsys_core.workspace.prepared import PreparedImport
from recsys_core.workspace.records import DatasetInfo
from recsys_core.workspace.requests import Finding, ImportPreview, ImportReport, ImportRequest
from recsys_core.workspace.workspace import Workspace

FEWEST_USERS = 20


@dataclass(frozen=True)
class _Cleaned:
    """A request carried out as far as the workspace is not touched. ``sums``: sha256 of the files that were
    read and ``log_sum`` of the clean log, being made meanwhile.
    """

    prepared: PreparedImport
    log: CleanLog
    merge: Merge
    described: Described
    findings: tuple[Finding, ...]
    sums: Mapping[Path, Future[str]]
    log_sum: Future[str]
    folder: Path


@changes(Role.ANALYST, "import logs", on=("request.dataset",))
def import_logs(ws: Workspace, request: ImportRequest, progress: Progress | None = None) -> ImportReport:
    """Make the next version of a dataset from log files, item files and tables of people.

    Another domain is added; the same domain is replaced, or appended to. Nothing is saved where the
    import fails. Raises InputError, NotEnoughDataError, ResourceError (a full disk), CancelledError.
    """
    progress = progress or Silent()
    with full_disk_told(), ws.dataset_lock(request.dataset), _cleaned(ws, request, progress) as cleaned:
        cleaned.log.check(request.max_bad)
        _check_users(len(cleaned.merge.users))
        cleaned.prepared.check_unchanged()
        overlap, described = cleaned.merge.overlap, cleaned.described
        manifest = import_manifest(
            request, cleaned.prepared, cleaned.log, cleaned.merge.old, cleaned.findings, cleaned.sums
        )
        counted = cleaned.merge.counted(described.items)
        if cleaned.merge.old is None:  # then the clean log is what is stored
            counted = replace(
                counted, interactions_hash=cleaned.log.hash, interactions_sha256=cleaned.log_sum.result()
            )
        progress.stage("Saving")
        progress.check_cancelled()
        merged = cleaned.folder / INTERACTIONS
        cleaned.merge.write(merged)
        extras = [cleaned.log.quarantine] if cleaned.log.quarantine else []
        info = ws.save_dataset(
            request.dataset, merged, described.items, manifest, extras, counted, described.people.frame
        )
    return ImportReport(
        info=info,
        n_read=cleaned.log.n_read,
        n_kept=cleaned.log.n_kept,
        n_bad=cleaned.log.n_bad,
        n_repeats=cleaned.log.n_repeats,
        n_left_out=cleaned.log.n_left_out,
        reasons=cleaned.log.reasons,
        quarantine=info.folder / cleaned.log.quarantine.name if cleaned.log.quarantine else None,
        overlap=overlap,
        findings=cleaned.findings,
    )


@takes(Role.ANALYST, "look into log files")
def preview_import(
    ws: Workspace,
    request: ImportRequest,
    row_limit: int | None = None,
    progress: Progress | None = None,
) -> ImportPreview:
    """What ``import_logs`` would do, saving nothing; ``row_limit``: by the first so many rows of each file.

    Raises InputError where a file cannot be understood; what is wrong with its rows is told in ``problem``.
    """
    with full_disk_told(), _cleaned(ws, request, progress or Silent(), row_limit) as cleaned:
        log, merge = cleaned.log, cleaned.merge
        return ImportPreview(
            first=fetch(merge.connection, f"SELECT * FROM {merge.new} LIMIT 20"),
            bad=log.bad,
            n_read=log.n_read,
            n_kept=log.n_kept,
            n_bad=log.n_bad,
            n_repeats=log.n_repeats,
            n_left_out=log.n_left_out,
            reasons=log.reasons,
            domains=merge.domains,
            overlap=merge.overlap,
            events=log.events,
            filters=filter_effects(merge.connection, log.path),
            findings=cleaned.findings,
            sampled=row_limit is not None and any(n >= row_limit for n in log.rows_of_files.values()),
            problem=_problem(cleaned, request.max_bad),
        )


@contextmanager
def _cleaned(
    ws: Workspace, request: ImportRequest, progress: Progress, row_limit: int | None = None
) -> Iterator[_Cleaned]:
    """Clean in a folder aside. What waits for the disk or for one core is done beside it."""
    with aside(ws.root / "imports") as folder, ThreadPoolExecutor(2) as beside:
        prepared = prepare(request, folder)
        read = prepared.infos if row_limit is None else ()
        sums = {info.path: beside.submit(file_sha256, info.path) for info in read}
        versions = ws.versions(request.dataset)
        old = versions[-1] if versions else None
        key = ws.root / KEY
        _check_pseudonyms(request, old, key)
        pseudonyms = pseudonyms_of(ws) if request.pseudonymise else None
        progress.stage("Reading the log")
        with _changes_told(prepared):
            log = read_interactions(
                prepared.logs, folder, pseudonyms, request.rules, row_limit=row_limit, progress=progress
            )
        with open_duckdb(folder) as connection:
            if request.rules.filters:
                frequent = folder / "frequent.parquet"
                gone = keep_frequent(connection, log.path, request.rules, frequent)
                log = replace(
                    log,
                    path=frequent,
                    hash="",
                    tally=tally_of(connection, f"read_parquet({quoted(str(frequent))})"),
                    n_kept=log.n_kept - gone,
                    n_left_out=log.n_left_out + gone,
                )
            beside.submit(flush, log.path)
            log_sum = beside.submit(file_sha256, log.path)
            merge = Merge(connection, log.path, log.tally, old, request.append)
            progress.stage("Reading the items")
            with _changes_told(prepared):
                described = read_described(prepared, merge, folder, pseudonyms, row_limit, progress)
            findings = _findings(request, prepared, log, merge, described, row_limit)
            yield _Cleaned(prepared, log, merge, described, findings, sums, log_sum, folder)


@contextmanager
def _changes_told(prepared: PreparedImport) -> Iterator[None]:
    """Whatever fails in the block because a file is gone, an InputError says so."""
    try:
        yield
    except OSError:
        prepared.check_unchanged()
        raise


def _findings(
    request: ImportRequest,
    prepared: PreparedImport,
    log: CleanLog,
    merge: Merge,
    described: Described,
    row_limit: int | None,
) -> tuple[Finding, ...]:
    """What was noticed; of the first rows alone, nothing is said of what is in one file only."""
    items, tables = described.items, described.people_files
    personal = [
        Finding("personal-data", told.where, told.count, told.sentence(request.pseudonymise))
        for told in people_in_text(
            log.tally.sample, items, request.pseudonymise, [one.frame for one in tables.values()]
        )
    ]
    of_items = [finding for file, one in described.item_files.items() for finding in item_findings(file, one)]
    of_people = [
        finding for one in prepared.people for finding in people_findings(one, tables[one.info.name])
    ]
    whole = row_limit is None
    coverage = [*coverage_findings(merge, items), *told_findings(described.people, merge)] if whole else []
    about = (*of_items, *of_people, *coverage)
    return (*personal, *log_findings(log, prepared), *about, *merge_findings(merge))


def _check_users(n_users: int) -> None:
    if n_users < FEWEST_USERS:
        raise NotEnoughDataError(
            f"The dataset would have {n_users} users; at least {FEWEST_USERS} are needed.",
            "Import a larger log, or check that the right column was mapped to user.",
        )


def _check_pseudonyms(request: ImportRequest, old: DatasetInfo | None, key: Path) -> None:
    if old is None:
        return
    if bool(old.manifest.get(PSEUDONYMISED)) == request.pseudonymise:
        if request.pseudonymise and not key.exists():
            raise InputError(
                f"{key} is gone, so the same people would get other pseudonyms than in {request.dataset!r}.",
                "Put the file back from where you keep it, or import into another dataset.",
            )
        return
    holds = "pseudonyms" if old.manifest.get(PSEUDONYMISED) else "the users' own ids"
    raise InputError(
        f"The dataset {request.dataset!r} holds {holds}, so that users of this log would not be found in it.",
        f"Import {'without' if request.pseudonymise else 'with'} pseudonyms, or into another dataset.",
    )


def _problem(cleaned: _Cleaned, max_bad: float) -> str:
    try:
        cleaned.log.check(max_bad)
        _check_users(len(cleaned.merge.users))
    except InputError as error:
        return str(error)
    return ""
