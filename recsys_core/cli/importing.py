"""``driftmap import``."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from recsys_core.cli.import_options import (
    AppendOption,
    CoreOption,
    DatesOption,
    DelimiterOption,
    DomainOption,
    EncodingOption,
    EqualWeightsOption,
    EventsOption,
    FilesArgument,
    FormatOption,
    ItemsOption,
    MappingOption,
    MaxBadOption,
    MinHistoryOption,
    MinWeightOption,
    PeopleOption,
    PseudonymiseOption,
    RepeatsOption,
    UnitOption,
    ZoneOption,
)
from recsys_core.cli.opening import do, open_workspace
from recsys_core.cli.options import DatasetOption, JsonOption, WorkspaceOption
from recsys_core.cli.output import say
from recsys_core.errors import InputError

if TYPE_CHECKING:
    from recsys_core.workspace.requests import ImportReport

ITEM_ROLES = ("title", "text", "category", "image")
ITEMS_PREFIX, PEOPLE_PREFIX = "items.", "people."


def import_logs(
    files: FilesArgument,
    dataset: DatasetOption,
    domain: DomainOption = None,
    items: ItemsOption = None,
    people: PeopleOption = None,
    format: FormatOption = "auto",
    mapping: MappingOption = None,
    encoding: EncodingOption = "",
    delimiter: DelimiterOption = "",
    zone: ZoneOption = "",
    dates: DatesOption = "auto",
    unit: UnitOption = "auto",
    events: EventsOption = None,
    min_weight: MinWeightOption = None,
    equal_weights: EqualWeightsOption = False,
    repeats: RepeatsOption = "lines",
    core: CoreOption = 1,
    min_history: MinHistoryOption = 1,
    max_bad: MaxBadOption = 0.05,
    append: AppendOption = False,
    pseudonymise: PseudonymiseOption = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Import logs as the next version of a dataset."""
    from recsys_core.logs.event_rules import EventRules, parse_repeats
    from recsys_core.logs.reading import Reading
    from recsys_core.workspace.requests import ImportRequest

    logs_map, items_map, people_map = split_map(mapping or [], with_items=bool(items))
    weights, kept = event_weights(events or []), parse_repeats(repeats)
    request = ImportRequest.of(
        dataset,
        _absolute(files),
        domain,
        _absolute(items),
        logs_map,
        items_map,
        Reading.parse(format, encoding, delimiter, zone, dates, unit),
        _absolute(people),
        people_map,
        rules=EventRules(weights, min_weight, equal_weights, kept, core, min_history),
        append=append,
        pseudonymise=pseudonymise,
        max_bad=_share(max_bad),
    )
    _tell(do(open_workspace(workspace, make=True), "import", request.as_params()), as_json)


def event_weights(pairs: Sequence[str]) -> dict[str, float]:
    """``["view=0.5", "cart=0"]`` → ``{"view": 0.5, "cart": 0.0}``. Raises InputError."""
    weights = {}
    for pair in pairs:
        event, equals, weight = (part.strip() for part in pair.rpartition("="))
        try:
            weights[event] = float(weight)
        except ValueError as error:
            raise InputError(f"{pair!r} gives no weight.", "Write event=weight, e.g. view=0.5.") from error
        if not equals or not event:
            raise InputError(f"{pair!r} names no event.", "Write event=weight, e.g. view=0.5.")
    return weights


def _absolute(paths: Sequence[Path] | None) -> list[Path]:
    """For a job, which runs in another folder."""
    return [path.absolute() for path in paths or []]


def _share(max_bad: float) -> float:
    if not 0 <= max_bad <= 1:
        raise InputError(f"The share {max_bad} of bad rows is not from 0 to 1.", "Give e.g. 0.05 for 5 %.")
    return max_bad


def split_map(
    pairs: list[str], with_items: bool
) -> tuple[Mapping[str, str] | None, Mapping[str, str] | None, Mapping[str, str] | None]:
    """Which of the ``role=column`` pairs speak of the log, which of the items' and which of people's file.

    ``items.role=column`` and, where there is such a file, title, text and category speak of items,
    ``people.role=column`` of people. Raises InputError for an unknown role.
    """
    from recsys_core.logs.roles import parse_map

    of_items, of_people = (
        parse_map([pair.removeprefix(prefix) for pair in pairs if pair.startswith(prefix)])
        for prefix in (ITEMS_PREFIX, PEOPLE_PREFIX)
    )
    rest = parse_map([pair for pair in pairs if not pair.startswith((ITEMS_PREFIX, PEOPLE_PREFIX))])
    moved = {role: column for role, column in rest.items() if with_items and role in ITEM_ROLES}
    of_log = {role: column for role, column in rest.items() if role not in moved}
    return of_log or None, {**moved, **of_items} or None, of_people or None


def _tell(report: "ImportReport", as_json: bool) -> None:
    from recsys_core.jobs.kinds import import_summary

    say(import_summary(report), _lines(report), as_json)


def _lines(report: "ImportReport") -> list[str]:
    info = report.info
    bad = f" {report.n_bad:,} bad rows were set aside in {report.quarantine}." if report.n_bad else ""
    pairs = [tuple(row) for row in report.overlap.itertuples(index=False)]
    return [
        f"Imported {info.name}, version {info.version}: {report.n_kept:,} of {report.n_read:,} rows.{bad}",
        f"It holds {info.n_events:,} events of {info.n_users:,} users with {info.n_items:,} items in "
        f"{', '.join(info.domains)}, {info.first:%Y-%m-%d} to {info.last:%Y-%m-%d}.",
        *(f"  {count:,} rows: {reason}" for reason, count in report.reasons.items()),
        *(f"{n:,} users are in both {a} and {b}." for a, b, n in pairs),
        *report.notes,
    ]
