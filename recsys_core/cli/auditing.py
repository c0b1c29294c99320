"""``driftmap audit``."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from recsys_core.cli.opening import open_workspace
from recsys_core.cli.options import JsonOption, WorkspaceOption
from recsys_core.cli.output import quiet_stdout, say, table

if TYPE_CHECKING:
    from recsys_core.workspace.audit import Entry

HEADS = ("when (UTC)", "who", "role", "what", "on what", "detail", "outcome")

WhoOption = Annotated[str, typer.Option("--who", metavar="TEXT", help="Only of people so called.")]
WhatOption = Annotated[str, typer.Option("--what", metavar="TEXT", help="Only such acts, or such targets.")]
SinceOption = Annotated[
    datetime | None,
    typer.Option("--since", metavar="DAY", formats=["%Y-%m-%d"], help="Only from this day on (UTC)."),
]
LimitOption = Annotated[int, typer.Option("--limit", metavar="N", min=1, help="The newest N at most.")]


def audit(
    who: WhoOption = "",
    what: WhatOption = "",
    since: SinceOption = None,
    limit: LimitOption = 1000,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show who did what and when, newest first, refusals included."""
    ws = open_workspace(workspace)
    with quiet_stdout():
        from recsys_core import pipeline

        found = pipeline.read_audit(ws, who, what, since.replace(tzinfo=UTC) if since else None, limit=limit)
    lines = table([_row(one) for one in found], HEADS) if found else ["Nothing was done yet that fits."]
    say({"entries": [_document(one) for one in found]}, lines, as_json)


def _row(one: "Entry") -> tuple[str, ...]:
    return (f"{one.at:%Y-%m-%d %H:%M:%S}", one.who, one.role, one.what, one.target, one.detail, one.outcome)


def _document(one: "Entry") -> dict[str, Any]:
    return vars(one) | {"at": one.at.isoformat()}
