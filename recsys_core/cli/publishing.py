"""``driftmap release``."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from recsys_core.cli.insight import Window
from recsys_core.cli.opening import do, open_workspace
from recsys_core.cli.options import DatasetOption, JsonOption, VersionOption, WorkspaceOption
from recsys_core.cli.output import say

if TYPE_CHECKING:
    from recsys_core.release.release import Release


def release(
    dataset: DatasetOption,
    epsilon: Annotated[
        float,
        typer.Option("--epsilon", metavar="E", help="How much may be told of any one person; 1 is common."),
    ],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to write into.")],
    window: Annotated[Window, typer.Option("--window", help="How long one window is.")] = Window.QUARTER,
    level: Annotated[int, typer.Option("--level", min=0, help="0: the coarsest interests.")] = 0,
    most_windows: Annotated[
        int, typer.Option("--max-windows", metavar="N", min=2, help="Windows in which one person counts.")
    ] = 4,
    run: Annotated[
        str | None,
        typer.Option("--run", metavar="R", help="Take this model's interests, by default the titles' own."),
    ] = None,
    version: VersionOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Publish shares and flows of interests with differential privacy."""
    ws = open_workspace(workspace)
    info = ws.dataset(dataset, version)
    terms = {"epsilon": epsilon, "window": window, "level": level, "most_windows": most_windows}
    made: Release = do(ws, "release", {"dataset": dataset, "run": run, "version": version, **terms})
    from recsys_core import pipeline
    from recsys_core.workspace.files import write_file
    from recsys_core.workspace.publishing import release_files

    files = release_files(made)
    for name, content in files.items():
        write_file(out / name, content)
    spent = pipeline.budget(ws, info.name).told()
    document: dict[str, Any] = {
        **made.document,
        "budget": spent,
        "files": [str(out / name) for name in files],
    }
    say(document, [*_lines(made.document, spent), *document["files"]], as_json)


def _lines(document: Mapping[str, Any], spent: Mapping[str, float]) -> list[str]:
    told = f"{document['n_windows_shown']} windows could be told of {document['n_windows']} looked at."
    return [
        f"ε = {document['epsilon']:g}, δ = {document['delta']}. {told}",
        f"Spent of this dataset so far: ε = {spent['spent']:g} of {spent['cap']:g}.",
    ]
