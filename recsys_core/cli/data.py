"""``driftmap import`` and ``driftmap export``."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from recsys_core.cli.opening import do, open_workspace
from recsys_core.cli.options import DatasetOption, JsonOption, RunOption, VersionOption, WorkspaceOption
from recsys_core.cli.output import quiet_stdout, say

if TYPE_CHECKING:
    from recsys_core.workspace.requests import ImportReport

ITEM_ROLES = ("title", "text", "category")
ITEMS_PREFIX = "items."


class Format(StrEnum):
    """Formats of logs."""

    AUTO = "auto"
    CSV = "csv"
    TSV = "tsv"
    JSONL = "jsonl"
    MOVIELENS = "movielens"
    AMAZON = "amazon"
    MIND = "mind"
    RECBOLE = "recbole"
    PARQUET = "parquet"


def import_logs(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Logs of interactions, gz too.")],
    dataset: DatasetOption,
    domain: Annotated[
        str | None,
        typer.Option("--domain", metavar="NAME", help="The domain of all rows; else a column or file name."),
    ] = None,
    items: Annotated[
        list[Path] | None,
        typer.Option("--items", metavar="FILE", help="Items with title and text; several may follow."),
    ] = None,
    format: Annotated[Format, typer.Option("--format", help="What the files are.")] = Format.AUTO,
    mapping: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="ROLE=COLUMN",
            help="Correct the guessed columns. Roles: user, item, time, domain, event, weight, title, text, "
            "category; items.item=… means the items' file.",
        ),
    ] = None,
    append: Annotated[
        bool, typer.Option("--append", help="Add to a domain that is there instead of replacing it.")
    ] = False,
    pseudonymise: Annotated[
        bool, typer.Option("--pseudonymise", help="Replace user ids by keyed hashes; the key stays here.")
    ] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Import logs as the next version of a dataset."""
    logs_map, items_map = split_map(mapping or [], with_items=bool(items))
    params = {
        "dataset": dataset,
        "domain": domain,
        "files": [path.absolute() for path in files],
        "items": [path.absolute() for path in items or []],
        "roles": logs_map,
        "items_roles": items_map,
        "format": format,
        "append": append,
        "pseudonymise": pseudonymise,
    }
    report: ImportReport = do(open_workspace(workspace, make=True), "import", params)
    from recsys_core.jobs.kinds import import_summary

    say(import_summary(report), _lines(report), as_json)


def split_map(
    pairs: list[str], with_items: bool
) -> tuple[Mapping[str, str] | None, Mapping[str, str] | None]:
    """Which of the ``role=column`` pairs speak of the log and which of the items' file.

    ``items.role=column`` and, where there is such a file, title, text and category speak of items.
    Raises InputError for an unknown role.
    """
    from recsys_core.logs.roles import parse_map

    marked = [pair.removeprefix(ITEMS_PREFIX) for pair in pairs if pair.startswith(ITEMS_PREFIX)]
    rest = parse_map([pair for pair in pairs if not pair.startswith(ITEMS_PREFIX)])
    moved = {role: column for role, column in rest.items() if with_items and role in ITEM_ROLES}
    of_log = {role: column for role, column in rest.items() if role not in moved}
    return of_log or None, {**moved, **parse_map(marked)} or None


def export(
    dataset: DatasetOption,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to write into.")],
    run: RunOption = None,
    version: VersionOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write results as tables and documents, without people."""
    ws = open_workspace(workspace)
    with quiet_stdout():
        from recsys_core import pipeline

        paths = pipeline.export(ws, dataset, out, run, version)
    document: dict[str, Any] = {"dataset": dataset, "out": str(out), "files": [str(path) for path in paths]}
    say(document, [str(path) for path in paths], as_json)


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
