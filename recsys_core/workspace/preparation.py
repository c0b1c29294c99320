"""From an import request to files that are understood: which is a log, which tells of items, whose domain."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from recsys_core.errors import InputError
from recsys_core.logs.formats import FileInfo, FileKind, LogFormat, detect
from recsys_core.logs.names import LONGEST, check_name
from recsys_core.logs.roles import REQUIRED, settle_roles
from recsys_core.logs.staging import LogFile
from recsys_core.workspace.requests import ImportRequest

_EXTENSION = re.compile(r"(\.(csv|tsv|txt|dat|json|jsonl|ndjson|parquet|inter|item|gz))+$", re.IGNORECASE)
_ITEM_ROLES = ("item", "domain", "title", "text", "category")


@dataclass(frozen=True)
class PreparedImport:
    """``logs``: what to read events from; ``items``: what to read items from, with the corrected roles."""

    logs: tuple[LogFile, ...]
    items: tuple[tuple[FileInfo, Mapping[str, str]], ...]


def prepare(request: ImportRequest) -> PreparedImport:
    """Look into every file and settle its roles. Raises InputError.

    A file among ``request.files`` that has items but no users is taken for items.
    """
    check_name(request.dataset, "dataset")
    if request.domain is not None:
        check_name(request.domain, "domain")
    if not request.files:
        raise InputError("No log file was given.", "Name at least one file of interactions.")
    format = LogFormat.parse(str(request.format))
    found = [detect(path, format) for path in request.files]
    described = [
        info for info in found if info.kind is FileKind.ITEMS and "user" not in (request.roles or {})
    ]
    logs = tuple(_log_file(info, request) for info in found if info not in described)
    if not logs:
        raise InputError(
            f"{found[0].path.name} has no column that looks like the user.",
            f"It has: {', '.join(found[0].columns)}. Map one, e.g. user={found[0].columns[0]}.",
        )
    items = [*described, *(detect(path, format) for path in request.items)]
    inside = [log.info for log in logs if log.roles.title or log.roles.text]
    return PreparedImport(logs, tuple((info, _item_roles(info, request)) for info in [*items, *inside]))


def domain_of_file(path: Path) -> str:
    """A domain named after a file: "Food reviews.csv.gz" → "Food reviews"."""
    stem = re.sub(r"[^\w .-]+|^[\W_]+", "_", _EXTENSION.sub("", path.name)).strip(" ._-")
    return stem[:LONGEST].rstrip(" .") or "log"


def _log_file(info: FileInfo, request: ImportRequest) -> LogFile:
    corrections = dict(request.roles or {})
    if request.domain is not None:
        corrections["domain"] = ""
    roles = settle_roles(info.path.name, info.columns, info.guess, corrections, REQUIRED)
    domain = None if roles.domain else request.domain or domain_of_file(info.path)
    return LogFile(info, roles, domain)


def _item_roles(info: FileInfo, request: ImportRequest) -> Mapping[str, str]:
    """The user's map of item columns; without one, what the map of the log says of columns that are there."""
    if request.items_roles is not None:
        return request.items_roles
    given = (request.roles or {}).items()
    return {r: c for r, c in given if r in _ITEM_ROLES and all(name in info.columns for name in c.split(","))}
