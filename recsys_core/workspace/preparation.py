"""From an import request to files that are understood: which is a log, which tells of items, whose domain."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from recsys_core.errors import InputError
from recsys_core.logs.containers import Found, find_files
from recsys_core.logs.formats import FileInfo, FileKind, detect
from recsys_core.logs.names import LONGEST, check_name
from recsys_core.logs.parsing import LogFile
from recsys_core.logs.roles import REQUIRED, settle_roles
from recsys_core.workspace.requests import Finding, ImportRequest, SourceFile

_EXTENSION = re.compile(
    r"(\.(csv|tsv|txt|dat|data|json|jsonl|ndjson|parquet|inter|item|gz|zst|zip))+$", re.IGNORECASE
)
_ROLE_WORD = re.compile(
    r"(^|[ _.-]+)(items?|meta(data)?|catalog(ue)?|products?|titles?|interactions?|events?|logs?|ratings?"
    r"|reviews?|clicks?|behaviors?|transactions?|articles?|movies|news|train|u)$",
    re.IGNORECASE,
)
_ITEM_ROLES = ("item", "domain", "title", "text", "category", "image")


@dataclass(frozen=True)
class ItemsFile:
    """A file to read items from. ``roles``: the corrected ones; ``domain``: of all its items, None where a
    column or the log says it.
    """

    info: FileInfo
    roles: Mapping[str, str]
    domain: str | None


@dataclass(frozen=True)
class PreparedImport:
    """``logs``: what to read events from; ``items``: what to read items from; ``left_out``: what was
    found and is not read, with the reason.
    """

    logs: tuple[LogFile, ...]
    items: tuple[ItemsFile, ...]
    left_out: tuple[Finding, ...] = ()

    @property
    def infos(self) -> tuple[FileInfo, ...]:
        """Every file that is read; a log that tells of items comes twice."""
        return (*(log.info for log in self.logs), *(file.info for file in self.items))

    def check_unchanged(self) -> None:
        """Raise InputError where a file is gone or has another size than when it was looked into."""
        for info in self.infos:
            size = info.path.stat().st_size if info.path.exists() else None
            if size != info.size:
                what = "is gone" if size is None else f"has {size:,} bytes now and had {info.size:,}"
                raise InputError(
                    f"{info.name} changed while it was read: it {what}. Nothing was saved.",
                    "Import it again.",
                )


def prepare(request: ImportRequest, folder: Path) -> PreparedImport:
    """Look into every file and settle its roles; archives are unpacked into ``folder``. Raises InputError.

    A file that has items but no users is taken for items, unless its user column was named. A file of a
    folder or an archive that is no log is left out and told.
    """
    check_name(request.dataset, "dataset")
    if not request.files:
        raise InputError("No log file was given.", "Name at least one file of interactions.")
    infos: list[_Understood] = []
    left_out: list[Finding] = []
    for source in request.files:
        if source.domain is not None:
            check_name(source.domain, "domain")
        for found in find_files(source.path, _fresh(folder), source.name):
            info = _look(found, source, left_out)
            if info is not None:
                infos.append(_Understood(_named_apart(info, infos), source, found.inside))
    logs = _logs([one for one in infos if one.info.kind is FileKind.INTERACTIONS], left_out)
    if not logs:
        raise _no_log([one.info for one in infos], left_out)
    described = [one for one in infos if one.info.kind is FileKind.ITEMS]
    telling = [one for one, log in logs if log.roles.title or log.roles.text]
    items = [_items_file(one.info, one.source) for one in [*described, *telling]]
    return PreparedImport(tuple(log for _, log in logs), tuple(items), tuple(left_out))


@dataclass(frozen=True)
class _Understood:
    """A file that was looked into, what was said of it, and whether it was found in a folder or archive."""

    info: FileInfo
    source: SourceFile
    inside: bool


def _named_apart(info: FileInfo, others: Sequence[_Understood]) -> FileInfo:
    """With the folder before its name where another file has the same."""
    names = {one.info.name for one in others}
    if info.name not in names:
        return info
    apart = f"{info.path.parent.name}/{info.name}"
    return replace(info, name=apart if apart not in names else f"{apart} ({len(names) + 1})")


def domain_of_file(name: Path | str) -> str:
    """A domain named after a file: "Food reviews.csv.gz" and "food_items.csv" → "Food", "food". A file that
    is only called what it holds, as "ml-1m.zip/ratings.dat" is, is named after its folder or archive.
    """
    parts = [_plain_name(part) for part in reversed(PurePosixPath(name).parts)]
    bare = [_ROLE_WORD.sub("", _ROLE_WORD.sub("", part)).strip(" ._-") for part in parts]
    return next((part for part in bare if part), parts[0] or "log")[:LONGEST].rstrip(" .")


def _plain_name(name: str) -> str:
    return re.sub(r"[^\w .-]+|^[\W_]+", "_", _EXTENSION.sub("", name)).strip(" ._-")


def _fresh(folder: Path) -> Path:
    """A folder for one archive, so that names in two of them do not meet."""
    fresh = folder / f"archive-{len(list(folder.glob('archive-*')))}"
    fresh.mkdir()
    return fresh


def _look(found: Found, source: SourceFile, left_out: list[Finding]) -> FileInfo | None:
    try:
        info = detect(found.path, source.reading, found.name)
    except InputError as error:
        if not found.inside:
            raise
        left_out.append(Finding("left-out", found.name, 1, f"{found.name} was left out: {error.problem}"))
        return None
    kind = source.kind or info.kind
    if kind is FileKind.ITEMS and source.kind is None and source.roles.get("user") in info.columns:
        kind = FileKind.INTERACTIONS
    if kind is FileKind.OTHER:
        note = info.published.note if info.published else "It holds neither events nor items."
        left_out.append(Finding("left-out", found.name, 1, f"{found.name} was left out. {note}"))
        return None
    return replace(info, kind=kind)


def _logs(found: list[_Understood], left_out: list[Finding]) -> list[tuple[_Understood, LogFile]]:
    """The logs with their roles settled. One of a folder or an archive that lacks a role is left out, as long
    as another has all; else InputError.
    """
    logs, errors = [], []
    for one in found:
        try:
            logs.append((one, _log_file(one.info, one.source)))
        except InputError as error:
            if not one.inside:
                raise
            errors.append(error)
            text = f"{one.info.name} was left out: {error.problem}"
            left_out.append(Finding("left-out", one.info.name, 1, text))
    if errors and not logs:
        raise errors[0]
    return logs


def _no_log(infos: list[FileInfo], left_out: list[Finding]) -> InputError:
    if not infos:
        return InputError(
            f"No file holds interactions. {left_out[0].text}",
            "Add a file with a user, an item and a time on each row.",
        )
    columns = infos[0].columns
    return InputError(
        f"{infos[0].name} has no column that looks like the user.",
        f"It has: {', '.join(columns)}. Map one, e.g. user={columns[0]}.",
    )


def _log_file(info: FileInfo, source: SourceFile) -> LogFile:
    corrections = dict(source.roles)
    if source.domain is not None:
        corrections["domain"] = ""
    roles = settle_roles(info.name, info.columns, info.guess, corrections, REQUIRED)
    domain = None if roles.domain else source.domain or domain_of_file(info.name)
    return LogFile(info, roles, domain)


def _items_file(info: FileInfo, source: SourceFile) -> ItemsFile:
    """With the map of item columns; without one, what the map of the log says of columns that are there."""
    roles = source.items_roles
    if roles is None:
        known = (*info.columns, "")
        given = source.roles.items()
        roles = {
            r: c for r, c in given if r in _ITEM_ROLES and all(name in known for name in (c, *c.split(",")))
        }
    if source.domain is not None:
        roles = {**roles, "domain": ""}
    return ItemsFile(info, roles, source.domain)
