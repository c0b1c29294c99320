"""How a version of a dataset came to be, as it is written beside it."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from recsys_core import __version__
from recsys_core.logs.clean_log import CleanLog
from recsys_core.workspace.prepared import ItemsFile, PeopleFile, PreparedImport
from recsys_core.workspace.records import DatasetInfo
from recsys_core.workspace.requests import Finding, ImportRequest

PSEUDONYMISED: Final = "pseudonymised"


def import_manifest(
    request: ImportRequest,
    prepared: PreparedImport,
    log: CleanLog,
    old: DatasetInfo | None,
    findings: Sequence[Finding],
    sums: Mapping[Path, Future[str]],
) -> dict[str, Any]:
    """What was imported, from where, how it was read, by which rules, and what was noticed.

    ``sums``: sha256 of each file.
    """
    return {
        "driftmap": __version__,
        "previous_version": old.version if old else None,
        "append": request.append,
        PSEUDONYMISED: request.pseudonymise,
        "rules": request.rules.as_dict() | {"max_bad": request.max_bad},
        "sources": [
            {
                "file": one.info.name,
                "sha256": sums[one.info.path].result(),
                "bytes": one.info.size,
                "format": one.info.told,
                "roles": one.roles.as_dict(),
                "domain": one.domain,
                "reading": asdict(one.info.reading),
                "times": asdict(log.times[one.info.name]),
            }
            for one in prepared.logs
        ],
        "items": [_beside(one, sums) for one in prepared.items],
        "people": [_beside(one, sums) for one in prepared.people],
        "counts": {
            "read": log.n_read,
            "kept": log.n_kept,
            "bad": log.n_bad,
            "duplicates": log.n_repeats,
            "filtered": log.n_left_out,
            "reasons": dict(log.reasons),
        },
        "problems": [asdict(finding) for finding in findings],
    }


def _beside(one: ItemsFile | PeopleFile, sums: Mapping[Path, Future[str]]) -> dict[str, Any]:
    """A file of what the log's items or people are like."""
    return {
        "file": one.info.name,
        "sha256": sums[one.info.path].result(),
        "format": one.info.told,
        "roles": {**one.info.guess.fields, **one.roles},
    }
