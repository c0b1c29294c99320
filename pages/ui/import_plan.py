"""From the files someone chose, and what they said of each, to one import request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from recsys_core.errors import InputError
from recsys_core.logs.event_rules import EventRules
from recsys_core.logs.formats import FileInfo, FileKind
from recsys_core.logs.names import check_name
from recsys_core.pipeline import ImportRequest
from recsys_core.workspace.preparation import domain_of_file
from recsys_core.workspace.requests import MAX_BAD, SourceFile


@dataclass(frozen=True)
class FileChoice:
    """One file as it is to be read. ``domain``: "" where a column or the log says it. ``roles``: role →
    column for every role that is played, several text columns joined by commas.
    """

    info: FileInfo
    kind: FileKind
    domain: str
    roles: Mapping[str, str] = field(default_factory=dict)

    @property
    def corrections(self) -> dict[str, str]:
        """Role → column where it differs from the guess, "" where the guess is taken away."""
        guessed = self.info.guess.fields
        changed = {role: column for role, column in self.roles.items() if guessed.get(role) != column}
        return changed | {role: "" for role in guessed if not self.roles.get(role)}


@dataclass(frozen=True)
class Target:
    """Where an import goes, and how strict it is. ``max_bad``: a fraction in [0, 1]."""

    dataset: str
    append: bool = False
    pseudonymise: bool = False
    max_bad: float = MAX_BAD


def guess_domain(info: FileInfo) -> str:
    """``food.csv.gz`` and ``food_items.csv.gz`` → "food"; "" where the log has a column for it."""
    return "" if "domain" in info.guess.fields else domain_of_file(info.name)


def guess_domains(infos: Sequence[FileInfo], kinds: Sequence[FileKind]) -> list[str]:
    """The domain of each file; items go with a log of their name, with the only log, or where their ids are
    ("", as with a log that has a column for it), people with all logs ("").
    """
    alone = [
        "" if kind is FileKind.PEOPLE else guess_domain(info) for info, kind in zip(infos, kinds, strict=True)
    ]
    logs = {domain for domain, kind in zip(alone, kinds, strict=True) if kind is FileKind.INTERACTIONS}
    only = next(iter(logs)) if len(logs) == 1 else ""
    return [
        only if kind is FileKind.ITEMS and domain not in logs else domain
        for domain, kind in zip(alone, kinds, strict=True)
    ]


def plan(files: Sequence[FileChoice], target: Target, rules: EventRules) -> ImportRequest:
    """The request that imports ``files``. Raises InputError where there is no log, where items are of a
    domain without one, or for a name that cannot be one.
    """
    logs = [choice for choice in files if choice.kind is FileKind.INTERACTIONS]
    if not logs:
        raise InputError(
            "No file holds interactions.", "Add a file with a user, an item and a time on each row."
        )
    check_name(target.dataset, "dataset")
    _check_domains(files, {choice.domain for choice in logs})
    return ImportRequest(
        target.dataset,
        tuple(_source(choice) for choice in files),
        rules,
        target.append,
        target.pseudonymise,
        target.max_bad,
    )


def _check_domains(files: Sequence[FileChoice], domains: set[str]) -> None:
    for choice in files:
        if choice.domain:
            check_name(choice.domain, "domain")
        if choice.kind is FileKind.ITEMS and choice.domain not in {*domains, ""} and "" not in domains:
            raise InputError(
                f"{choice.info.name} has items of {choice.domain!r}, but no log is of that domain.",
                f"Give it one of the domains of the logs: {', '.join(sorted(domains))}.",
            )


def _source(choice: FileChoice) -> SourceFile:
    info, said = choice.info, choice.corrections
    return SourceFile(
        info.path,
        info.name,
        choice.kind,
        choice.domain or None,
        said if choice.kind is FileKind.INTERACTIONS else {},
        said if choice.kind is FileKind.ITEMS else None,
        info.reading,
        said if choice.kind is FileKind.PEOPLE else None,
    )
