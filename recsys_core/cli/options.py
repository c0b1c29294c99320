"""Options that several commands share, so that they read the same everywhere."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class RoleName(StrEnum):
    """The roles that somebody, or a token, can have."""

    VIEWER = "viewer"
    ANALYST = "analyst"
    ADMIN = "admin"


class Backend(StrEnum):
    """Where a job runs."""

    LOCAL = "local"
    RAY = "ray"


BackendOption = Annotated[
    Backend | None,
    typer.Option(
        "--backend",
        help="Run on this machine or on the Ray cluster that DRIFTMAP_RAY_ADDRESS names; else where it ran "
        "before, and for a new one in the background, the cluster where there is one.",
    ),
]
WorkspaceOption = Annotated[
    Path | None,
    typer.Option(
        "--workspace", metavar="DIR", help="The workspace; else $DRIFTMAP_WORKSPACE, else ./workspace."
    ),
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print one JSON document on stdout; progress goes to stderr.")
]
DatasetOption = Annotated[str, typer.Option("--dataset", metavar="D", help="The dataset, by name.")]
VersionOption = Annotated[
    int | None, typer.Option("--version", metavar="N", help="The dataset's version, by default the newest.")
]
SeedsOption = Annotated[
    int, typer.Option("--seeds", metavar="N", min=1, help="How many splits, each of its own seed.")
]
RunOption = Annotated[
    str | None, typer.Option("--run", metavar="R", help="The fine-tune run, by default the one in use.")
]
