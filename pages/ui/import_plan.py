"""From the files someone uploaded, and what they said of each, to import requests."""

import os
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from recsys_core.errors import InputError
from recsys_core.logs.formats import FileInfo, FileKind
from recsys_core.logs.names import check_name
from recsys_core.pipeline import ImportRequest
from recsys_core.workspace.preparation import domain_of_file

_ITEMS = re.compile(r"[ _.-]*(items?|meta(data)?|catalog(ue)?|products?|titles?)$", re.IGNORECASE)
_LOG = re.compile(r"[ _.-]*(interactions?|events?|logs?|ratings?|reviews?|clicks?)$", re.IGNORECASE)


@dataclass(frozen=True)
class FileChoice:
    """One file as it is to be read. ``domain``: "" where a column says it. ``corrections``: role → column
    where the guess is wrong ("" takes the role away).
    """

    info: FileInfo
    kind: FileKind
    domain: str
    corrections: Mapping[str, str] = field(default_factory=dict)


def guess_domain(info: FileInfo) -> str:
    """``food.csv.gz`` and ``food_items.csv.gz`` → "food"; "" where the log has a column for it."""
    if info.kind is FileKind.INTERACTIONS and "domain" in info.guess.fields:
        return ""
    stem = domain_of_file(info.path)
    ending = _ITEMS if info.kind is FileKind.ITEMS else _LOG
    return ending.sub("", stem).strip(" ._-") or stem


def plan(
    dataset: str, files: Sequence[FileChoice], staging: Path, *, append: bool, pseudonymise: bool
) -> list[ImportRequest]:
    """The requests that import ``files``: one where their names can say the domains, else one a domain.

    ``staging``: an empty folder on the same disk, for the files under the names of their domains.
    Raises InputError where there is no log, or items of a domain without one.
    """
    logs = [choice for choice in files if choice.kind is FileKind.INTERACTIONS]
    items = [choice for choice in files if choice.kind is FileKind.ITEMS]
    _check(logs, items)
    domains = list(dict.fromkeys(choice.domain for choice in logs))
    flags = {"append": append, "pseudonymise": pseudonymise}
    if len(domains) == 1 or not _by_name(logs, items):
        return [_one_domain(dataset, name, logs, items, flags) for name in domains]
    request = ImportRequest(
        dataset,
        tuple(_staged(choice, staging, "") for choice in logs),
        None,
        tuple(_staged(choice, staging, "_items") for choice in items),
        dict(logs[0].corrections) or None,
        dict(items[0].corrections) if items and items[0].corrections else None,
        **flags,
    )
    return [request]


def _check(logs: Sequence[FileChoice], items: Sequence[FileChoice]) -> None:
    if not logs:
        raise InputError(
            "No file holds interactions.", "Add a file with a user, an item and a time on each row."
        )
    domains = {choice.domain for choice in logs}
    for domain in {*domains, *(choice.domain for choice in items)} - {""}:
        check_name(domain, "domain")
    for choice in items:
        if choice.domain not in domains and "" not in domains:
            raise InputError(
                f"{choice.info.path.name} has items of {choice.domain!r}, but no log is of that domain.",
                f"Give it one of the domains of the logs: {', '.join(sorted(domains))}.",
            )


def _by_name(logs: Sequence[FileChoice], items: Sequence[FileChoice]) -> bool:
    """Whether one request can read all: a log a domain, none with the domain inside, the same corrections."""
    domains = [choice.domain for choice in logs]
    alone = len(set(domains)) == len(domains) and all(domains)
    inside = any("domain" in choice.info.guess.fields for choice in logs)
    alike = all(c.corrections == logs[0].corrections for c in logs)
    alike_items = all(c.corrections == items[0].corrections for c in items)
    once = len({choice.domain for choice in items}) == len(items)
    return alone and not inside and alike and alike_items and once


def _one_domain(
    dataset: str,
    domain: str,
    logs: Sequence[FileChoice],
    items: Sequence[FileChoice],
    flags: Mapping[str, bool],
) -> ImportRequest:
    mine = [choice for choice in logs if choice.domain == domain]
    about = [choice for choice in items if choice.domain == domain or not domain]
    roles = {role: column for choice in mine for role, column in choice.corrections.items()}
    items_roles = {role: column for choice in about for role, column in choice.corrections.items()}
    return ImportRequest(
        dataset,
        tuple(choice.info.path for choice in mine),
        domain or None,
        tuple(choice.info.path for choice in about),
        roles or None,
        items_roles or None,
        **flags,
    )


def _staged(choice: FileChoice, staging: Path, ending: str) -> Path:
    """The file under the name of its domain; the importer reads the domain from there."""
    suffixes = "".join(choice.info.path.suffixes[-2:]) if choice.info.path.suffix == ".gz" else ""
    path = staging / f"{choice.domain}{ending}{suffixes or choice.info.path.suffix}"
    staging.mkdir(exist_ok=True)
    if not _is_copy(choice.info.path, path):
        path.unlink(missing_ok=True)
        try:
            os.link(choice.info.path, path)
        except OSError:
            shutil.copy2(choice.info.path, path)
    return path


def _is_copy(one: Path, other: Path) -> bool:
    if not other.is_file():
        return False
    a, b = one.stat(), other.stat()
    return (a.st_size, a.st_mtime_ns) == (b.st_size, b.st_mtime_ns)
