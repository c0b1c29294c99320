"""What an import is asked for and what it answers."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from recsys_core.logs.event_rules import EventRules
from recsys_core.logs.reading import FileKind, Reading
from recsys_core.workspace.records import DatasetInfo

MAX_BAD = 0.05


@dataclass(frozen=True)
class SourceFile:
    """A file, a folder or a ZIP archive and what people said of it; what they left open is detected.

    ``name``: what to call it, by default its own name. ``kind``: None to look. ``domain``: of all its rows,
    else its domain column says it, else its name. ``roles``: role → column where the guess is wrong, ""
    takes a role away; ``items_roles`` counts instead where the file holds items and ``people_roles`` where it
    tells of people, by default what ``roles`` says of columns that are there.
    """

    path: Path
    name: str = ""
    kind: FileKind | None = None
    domain: str | None = None
    roles: Mapping[str, str] = field(default_factory=dict)
    items_roles: Mapping[str, str] | None = None
    reading: Reading = field(default_factory=Reading)
    people_roles: Mapping[str, str] | None = None


@dataclass(frozen=True)
class ImportRequest:
    """Which files become the next version of which dataset.

    ``rules``: which events count. ``append``: add to a domain that is there instead of replacing it.
    ``pseudonymise``: store keyed hashes for user ids. ``max_bad``: fraction of bad rows, in [0, 1], above
    which nothing is saved.
    """

    dataset: str
    files: tuple[SourceFile, ...]
    rules: EventRules = field(default_factory=EventRules)
    append: bool = False
    pseudonymise: bool = False
    max_bad: float = MAX_BAD

    @classmethod
    def of(
        cls,
        dataset: str,
        files: Sequence[Path],
        domain: str | None = None,
        items: Sequence[Path] = (),
        roles: Mapping[str, str] | None = None,
        items_roles: Mapping[str, str] | None = None,
        reading: Reading | None = None,
        people: Sequence[Path] = (),
        people_roles: Mapping[str, str] | None = None,
        **rest: Any,
    ) -> "ImportRequest":
        """A request whose files are all read alike; ``rest``: the other fields of a request."""
        named = [
            *((path, None) for path in files),
            *((path, FileKind.ITEMS) for path in items),
            *((path, FileKind.PEOPLE) for path in people),
        ]
        reading, roles = reading or Reading(), roles or {}
        sources = (
            SourceFile(path, "", kind, domain, roles, items_roles, reading, people_roles)
            for path, kind in named
        )
        return cls(dataset, tuple(sources), **rest)

    def as_params(self) -> dict[str, Any]:
        """As plain JSON, for the parameters of a job; ``from_params`` gives the same back."""
        return asdict(self) | {
            "files": [asdict(file) | {"path": str(file.path)} for file in self.files],
            "rules": self.rules.as_dict(),
        }

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> "ImportRequest":
        """From ``as_params``. Raises InputError for what does not exist."""
        files = tuple(_source(file) for file in params["files"])
        return cls(**{**params, "files": files, "rules": EventRules.from_dict(params.get("rules") or {})})


def _source(file: Mapping[str, Any]) -> SourceFile:
    kind = FileKind(file["kind"]) if file.get("kind") else None
    reading = Reading.parse(**(file.get("reading") or {}))
    return SourceFile(**{**file, "path": Path(file["path"]), "kind": kind, "reading": reading})


@dataclass(frozen=True)
class Finding:
    """Something worth knowing of an import. ``kind``: a word for programs; ``about``: the file or domain it
    is about; ``count``: how many rows, ids or items; ``text``: a sentence for people.
    """

    kind: str
    about: str
    count: int
    text: str


@dataclass(frozen=True)
class ImportReport:
    """``info``: the new version. ``n_read = n_kept + n_bad + n_repeats + n_left_out``. ``reasons``: bad rows
    by reason. ``quarantine``: Parquet of the bad rows, None where there are none. ``overlap``: users shared
    by each pair of domains (``domain_a, domain_b, n_users``). ``findings``: what else is worth knowing.
    """

    info: DatasetInfo
    n_read: int
    n_kept: int
    n_bad: int
    n_repeats: int
    n_left_out: int
    reasons: Mapping[str, int]
    quarantine: Path | None
    overlap: pd.DataFrame
    findings: tuple[Finding, ...]

    @property
    def notes(self) -> tuple[str, ...]:
        """The findings as sentences."""
        return tuple(finding.text for finding in self.findings)


@dataclass(frozen=True)
class ImportPreview:
    """What an import would do.

    ``first``: up to 20 clean rows; ``bad``: up to 100 bad ones (``file, line, column, value, reason, text``);
    ``domains``: per domain of these files ``n_events, n_users, n_items, first, last``; ``events``: good rows
    by event; ``filters``: what filters by number of events would leave (see ``logs.filters.filter_effects``);
    ``sampled``: whether only the first rows of the files were read, so that all counts are of those;
    ``problem``: why the import would be refused, "" where it would not.
    """

    first: pd.DataFrame
    bad: pd.DataFrame
    n_read: int
    n_kept: int
    n_bad: int
    n_repeats: int
    n_left_out: int
    reasons: Mapping[str, int]
    domains: pd.DataFrame
    overlap: pd.DataFrame
    events: Mapping[str, int]
    filters: pd.DataFrame
    findings: tuple[Finding, ...]
    sampled: bool
    problem: str

    @property
    def notes(self) -> tuple[str, ...]:
        """The findings as sentences."""
        return tuple(finding.text for finding in self.findings)
