"""Opening the workspace a command works on, and doing a job in it while someone watches."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recsys_core.cli.output import quiet_stdout, say
from recsys_core.cli.terminal import TerminalProgress
from recsys_core.errors import NotFoundError
from recsys_core.settings import read_settings

if TYPE_CHECKING:
    from recsys_core.workspace.workspace import Workspace


def open_workspace(folder: Path | None, make: bool = False) -> "Workspace":
    """The workspace in ``folder``, by default the environment's.

    Raises NotFoundError where there is none, unless ``make``.
    """
    from recsys_core.workspace.workspace import Workspace

    root = folder or read_settings().workspace
    if not make and not root.is_dir():
        raise NotFoundError(
            f"There is no workspace in {str(root)!r}.",
            "Name another with --workspace, or start one: driftmap import, or driftmap demo.",
        )
    return Workspace.open(root)


@contextmanager
def watched() -> Iterator[TerminalProgress]:
    """Progress on stderr for as long as the block runs."""
    progress = TerminalProgress()
    try:
        with quiet_stdout():
            yield progress
    finally:
        progress.close()


def do(ws: "Workspace", kind: str, params: Mapping[str, Any]) -> Any:
    """Do a job of this kind here and now, in the ledger and on stderr; what the pipeline returns."""
    from recsys_core.jobs.foreground import run_here

    with watched() as progress:
        return run_here(ws, kind, params, progress)


def queue(
    ws: "Workspace", kind: str, params: Mapping[str, Any], as_json: bool, device: str | None = None
) -> None:
    """Queue a job of this kind for the background and say its number."""
    from recsys_core.jobs.local import submit_local

    job = submit_local(ws, kind, params, device=device)
    line = f"Job {job.id} is queued. Watch it with: driftmap jobs show {job.id}"
    say({"job": job.id, "status": job.status}, [line], as_json)
