"""From an import request to files that are understood: logs, items, people, and whose domain."""

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
from recsys_core.workspace.prepared import ItemsFile, PeopleFile, PreparedImport
from recsys_core.workspace.requests import Finding, ImportRequest, SourceFile

_EXTENSION = re.compile(
    r"(\.(csv|tsv|txt|dat|data|json|jsonl|ndjson|parquet|inter|item|user|gz|zst|zip))+$", re.IGNORECASE
)
_ROLE_WORD = re.compile(
    r"(^|[ _.-]+)(items?|meta(data)?|catalog(ue)?|products?|titles?|interactions?|events?|logs?|ratings?"
    r"|reviews?|clicks?|behaviors?|transactions?|articles?|movies|news|train|u)$",
    re.IGNORECASE,
)
_ITEM_ROLES = ("item", "domain", "title", "text", "category", "image")
_PEOPLE_ROLES = ("user",)


def prepare(request: ImportRequest, folder: Path) -> PreparedImport:
    """Look into every file and settle its roles; archives are unpacked into ``folder``. Raises InputError.

    A file that has items but no users is taken for items, unless its user column was named; one that has
    users but no items for people, unless its item column was named. A file of a folder or an archive that is
    no log is left out and told.
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
    people = [_people_file(one.info, one.source) for one in infos if one.info.kind is FileKind.PEOPLE]
    return PreparedImport(tuple(log for _, log in logs), tuple(items), tuple(people), tuple(left_out))


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
    lacks = {FileKind.ITEMS: "user", FileKind.PEOPLE: "item"}.get(kind, "")
    if lacks and source.kind is None and source.roles.get(lacks) in info.columns:
        kind = FileKind.INTERACTIONS
    if kind is FileKind.PEOPLE and source.kind is None and len(info.columns) < 2:
        kind = FileKind.OTHER
    if kind is FileKind.OTHER:
        note = info.published.note if info.published else "It tells of no events, items or people."
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
    first, columns = infos[0], infos[0].columns
    lacks = "item" if first.kind is FileKind.PEOPLE else "user"
    return InputError(
        f"{first.name} has no column that looks like the {lacks}.",
        f"It has: {', '.join(columns)}. Map one, e.g. {lacks}={columns[0]}.",
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
        roles = _said_of_columns(info, source.roles, _ITEM_ROLES)
    if source.domain is not None:
        roles = {**roles, "domain": ""}
    return ItemsFile(info, roles, source.domain)


def _people_file(info: FileInfo, source: SourceFile) -> PeopleFile:
    """With the map of people's columns; without one, what that of the log says of columns that are there."""
    roles = source.people_roles
    return PeopleFile(info, _said_of_columns(info, source.roles, _PEOPLE_ROLES) if roles is None else roles)


def _said_of_columns(info: FileInfo, given: Mapping[str, str], roles: Sequence[str]) -> dict[str, str]:
    known = (*info.columns, "")
    there = {role: all(name in known for name in (c, *c.split(","))) for role, c in given.items()}
    return {role: column for role, column in given.items() if role in roles and there[role]}
