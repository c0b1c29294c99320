"""``driftmap backup`` and ``driftmap restore``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recsys_core.cli.opening import open_workspace, watched
from recsys_core.cli.options import JsonOption, WorkspaceOption
from recsys_core.cli.output import quiet_stdout, say
from recsys_core.settings import read_settings

if TYPE_CHECKING:
    from recsys_core.upkeep.restore import Restored

APART = (
    "pseudonym.key is not in it: keep a copy of that file apart from the backup. Without it a restored "
    "workspace can't give the same people the same pseudonyms."
)


def backup(
    to: Annotated[
        Path,
        typer.Argument(metavar="FILE|DIR", help="A new file, .tar or .tar.zst, or the folder for one."),
    ],
    with_key: Annotated[
        bool,
        typer.Option("--with-key", help="Put the key of pseudonyms in, too: whoever has it finds people."),
    ] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Copy the workspace into one file, as of this moment, while the app runs."""
    ws = open_workspace(workspace)
    with quiet_stdout():
        from recsys_core.upkeep.backup import as_dict, back_up
    with watched() as progress:
        made = back_up(ws, to, with_key, progress)
    lines = [f"{made.n_files:,} files are in {made.file} ({made.n_bytes / 1e6:,.1f} MB)."]
    say(as_dict(made), [*lines, *([APART] if made.without_key else [])], as_json)


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What driftmap backup made.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a workspace from a backup, in a folder that is empty or not there."""
    with quiet_stdout():
        from recsys_core.upkeep.restore import restore as make
    with watched() as progress:
        made = make(file, workspace or read_settings().workspace, progress)
    say(made.as_dict(), _lines(made), as_json)


def _lines(made: "Restored") -> list[str]:
    lines = [
        f"{made.root} is the workspace of {made.created[:19]} UTC: {made.n_datasets} datasets, "
        f"{made.n_runs} models, {made.n_files:,} files, each with the sha256 it had."
    ]
    if made.lost:
        lines.append(f"At work then, to be resumed: {', '.join(made.lost)}.")
    if made.needs_key:
        lines.append(f"Put pseudonym.key into {made.root} before you import under pseudonyms again.")
    return lines
