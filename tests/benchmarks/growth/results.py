"""What was measured, kept as a small CSV and told as a table."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path

from tests.benchmarks.growth.fitting import growth_of
from tests.benchmarks.growth.measured import Measured
from tests.benchmarks.shop import table

FOLDER = Path(__file__).parent
_COLUMNS = [field.name for field in fields(Measured)]


def write_results(rows: Iterable[Measured], file: Path) -> None:
    """One row a step and size."""
    with file.open("w", newline="", encoding="utf-8") as to:
        writer = csv.DictWriter(to, _COLUMNS, lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow({name: _short(value) for name, value in asdict(row).items()})


def read_results(file: Path) -> list[Measured]:
    """What ``write_results`` wrote."""
    with file.open(encoding="utf-8") as source:
        return [
            Measured(
                row["step"],
                int(row["events"]),
                *(float(row[name]) for name in ("seconds", "cpu", "peak_mb", "own_mb", "disk_mb")),
                row["note"],
            )
            for row in csv.DictReader(source)
        ]


def by_step(rows: Iterable[Measured]) -> dict[str, list[Measured]]:
    """The sizes of each step, ascending, steps in order of appearance."""
    steps: dict[str, list[Measured]] = {}
    for row in rows:
        steps.setdefault(row.step, []).append(row)
    return {name: sorted(found, key=lambda row: row.events) for name, found in steps.items()}


def told(steps: Mapping[str, Sequence[Measured]]) -> str:
    """A table: CPU seconds and memory at each size, the exponent and what it means."""
    sizes = sorted({row.events for found in steps.values() for row in found})
    head = ["step", *(f"{size / 1e6:g}M" for size in sizes), "exponent", "growth"]
    lines = []
    for name, found in steps.items():
        at = {row.events: f"{row.cpu:.3g} s, {row.own_mb / 1000:.1f} GB" for row in found}
        growth = growth_of(found)
        verdict = (str(growth), growth.verdict) if growth else ("-", "-")
        lines.append((name, *(at.get(size, "-") for size in sizes), *verdict))
    return table(head, lines)


def _short(value: object) -> object:
    return f"{value:.4g}" if isinstance(value, float) else value
