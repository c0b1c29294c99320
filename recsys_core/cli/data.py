"""``driftmap export``."""

from pathlib import Path
from typing import Annotated, Any

import typer

from recsys_core.cli.opening import open_workspace
from recsys_core.cli.options import DatasetOption, JsonOption, RunOption, VersionOption, WorkspaceOption
from recsys_core.cli.output import quiet_stdout, say


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
