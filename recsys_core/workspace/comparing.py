"""What differs between two versions of a dataset: events, users and items by domain, and their making."""

import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import duckdb

from recsys_core.columns import DOMAIN, INTERACTION_COLUMNS, ITEM_ID, TIMESTAMP, USER_ID
from recsys_core.logs.sources import open_duckdb, quoted
from recsys_core.workspace.content import INTERACTIONS
from recsys_core.workspace.making import Difference, differences
from recsys_core.workspace.records import DatasetInfo
from recsys_core.workspace.workspace import Workspace

MEMORY: Final = "256MB"
EVERYTHING: Final = ""
"""Stands for all domains together."""


@dataclass(frozen=True)
class Count:
    """How many there are in each version, how many only the second has, how many only the first had."""

    a: int
    b: int
    added: int
    removed: int

    @property
    def more(self) -> int:
        """How many more the second version has; negative where it has fewer."""
        return self.b - self.a


@dataclass(frozen=True)
class DomainChange:
    """One domain in both versions; ``domain`` is "" for all together. Users and items are those with events.
    ``first``, ``last``: UTC, of the events in each version; None where there are none.
    """

    domain: str
    events: Count
    users: Count
    items: Count
    first_a: datetime | None
    last_a: datetime | None
    first_b: datetime | None
    last_b: datetime | None


@dataclass(frozen=True)
class VersionComparison:
    """Version ``a`` of ``dataset`` beside version ``b``. ``total``: all domains together; ``domains``: each
    that either version has, by name; ``making``: what differs in how they were made.
    """

    dataset: str
    a: int
    b: int
    total: DomainChange
    domains: tuple[DomainChange, ...]
    making: tuple[Difference, ...]

    @property
    def same_events(self) -> bool:
        """Whether both hold the very same events."""
        return not (self.total.events.added or self.total.events.removed)

    def as_dict(self) -> dict[str, Any]:
        """The comparison as a document; moments as ISO 8601."""
        document = asdict(self)
        for change in (document["total"], *document["domains"]):
            for name in ("first_a", "last_a", "first_b", "last_b"):
                change[name] = change[name].isoformat() if change[name] else None
        return {**document, "same_events": self.same_events}


def compare_versions(ws: Workspace, dataset: str, a: int, b: int) -> VersionComparison:
    """Version ``a`` of a dataset beside version ``b``. An event is the same where all its columns are; one
    that stands in a version twice counts twice. DuckDB reads both files and spills to disk, so memory stays
    flat. Raises NotFoundError.
    """
    before, after = ws.dataset(dataset, a), ws.dataset(dataset, b)
    with tempfile.TemporaryDirectory(prefix="driftmap-") as folder, open_duckdb(Path(folder)) as connection:
        connection.execute(f"SET memory_limit = '{MEMORY}'")
        for name, info in (("a", before), ("b", after)):
            path = quoted(str(info.folder / INTERACTIONS))
            connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet({path})")
        changes = _changes(connection)
    return VersionComparison(
        dataset,
        before.version,
        after.version,
        total=_total(changes.pop(EVERYTHING), before, after),
        domains=tuple(changes.values()),
        making=differences(before.manifest, after.manifest),
    )


def comparison_sentence(found: VersionComparison) -> str:
    """In words: "Version 3 has 1,204 more events and 12 fewer users than version 2"."""
    if found.same_events:
        return f"Versions {found.a} and {found.b} hold the very same events."
    total = found.total
    counts = ((total.events, "event"), (total.users, "user"), (total.items, "item"))
    told = [_more(count, noun) for count, noun in counts if count.more]
    if not told:
        return f"Version {found.b} has as many events, users and items as version {found.a}, but other ones."
    listed = f"{', '.join(told[:-1])} and {told[-1]}" if len(told) > 1 else told[0]
    return f"Version {found.b} has {listed} than version {found.a}."


def _more(count: Count, noun: str) -> str:
    number = abs(count.more)
    return f"{number:,} {'more' if count.more > 0 else 'fewer'} {noun}{'' if number == 1 else 's'}"


def _changes(connection: duckdb.DuckDBPyConnection) -> dict[str, DomainChange]:
    """Every domain's change by its name, in order; that of all together under ``EVERYTHING``."""
    events = _counts(connection, ", ".join(INTERACTION_COLUMNS), DOMAIN, repeats=True)
    users = _counts(connection, f"{DOMAIN}, {USER_ID}", DOMAIN)
    items = _counts(connection, f"{DOMAIN}, {ITEM_ID}", DOMAIN)
    people = _counts(connection, USER_ID, f"'{EVERYTHING}'")[EVERYTHING]
    users[EVERYTHING] = people
    for counts in (events, items):
        counts[EVERYTHING] = _sum(counts)
    spans = _spans(connection)
    return {
        name: DomainChange(name, events[name], users[name], items[name], *spans.get(name, (None,) * 4))
        for name in sorted(events)
    }


def _counts(
    connection: duckdb.DuckDBPyConnection, keys: str, by: str, repeats: bool = False
) -> dict[str, Count]:
    """Per value of ``by``, how many ``keys`` each version has; ``repeats``: a key counts as often as it
    stands there. One grouping instead of two anti-joins: it is exact for repeats too.
    """
    a, b = ("in_a", "in_b") if repeats else ("least(in_a, 1)", "least(in_b, 1)")
    rows = connection.execute(
        f"""SELECT {by} AS name, sum({a}), sum({b}), sum(greatest({b} - {a}, 0)), sum(greatest({a} - {b}, 0))
        FROM (SELECT {keys}, count(*) FILTER (version = 1) AS in_a, count(*) FILTER (version = 2) AS in_b
            FROM (SELECT {keys}, 1 AS version FROM a UNION ALL SELECT {keys}, 2 AS version FROM b)
            GROUP BY {keys}) GROUP BY name ORDER BY name"""
    ).fetchall()
    return {str(name): Count(*(int(number) for number in numbers)) for name, *numbers in rows}


def _spans(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[datetime | None, ...]]:
    columns = ", ".join(
        f"epoch_us({side}({TIMESTAMP}) FILTER (version = {version}))"
        for version in (1, 2)
        for side in ("min", "max")
    )
    rows = connection.execute(
        f"""SELECT {DOMAIN}, {columns} FROM (SELECT {DOMAIN}, {TIMESTAMP}, 1 AS version FROM a
        UNION ALL SELECT {DOMAIN}, {TIMESTAMP}, 2 AS version FROM b) GROUP BY {DOMAIN}"""
    ).fetchall()
    return {str(name): tuple(map(_moment, moments)) for name, *moments in rows}


def _moment(micros: int | None) -> datetime | None:
    return None if micros is None else datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)


def _sum(counts: Mapping[str, Count]) -> Count:
    fields = ("a", "b", "added", "removed")
    return Count(*(sum(getattr(one, field) for one in counts.values()) for field in fields))


def _total(counted: DomainChange, before: DatasetInfo, after: DatasetInfo) -> DomainChange:
    spans = before.first, before.last, after.first, after.last
    return DomainChange(EVERYTHING, counted.events, counted.users, counted.items, *spans)
