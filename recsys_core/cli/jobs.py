"""``driftmap jobs ls|show|cancel|resume``."""

from typing import Annotated, Any

import typer

from recsys_core.cli.opening import open_workspace
from recsys_core.cli.options import BackendOption, JsonOption, WorkspaceOption
from recsys_core.cli.output import say, table
from recsys_core.errors import NotFoundError
from recsys_core.jobs.job import Job, Status
from recsys_core.jobs.kinds import plain
from recsys_core.jobs.ledger import Ledger
from recsys_core.jobs.place import log_path
from recsys_core.jobs.reaper import reap

app = typer.Typer(help="List, show, cancel and resume background jobs.", no_args_is_help=True)

JobId = Annotated[int, typer.Argument(metavar="ID", help="The number of the job.")]


@app.command("ls")
def list_jobs(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List the newest jobs, newest first."""
    ws = open_workspace(workspace)
    reap(ws)
    jobs = Ledger(ws).jobs()
    rows = [(job.id, job.status, job.title, _how_far(job)) for job in jobs]
    shown = table(rows, ("id", "status", "job", "")) if rows else ["There are no jobs yet."]
    say({"jobs": [as_document(job) for job in jobs]}, shown, as_json)


@app.command("show")
def show(
    job_id: Annotated[
        int | None, typer.Argument(metavar="[ID]", help="The job, by default the newest.")
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show one job, its figures and what went wrong."""
    ws = open_workspace(workspace)
    reap(ws)
    ledger = Ledger(ws)
    newest = ledger.jobs(1)
    if job_id is None and not newest:
        raise NotFoundError("There are no jobs yet.", "Start one, e.g. driftmap finetune --background.")
    job = ledger.job(newest[0].id if job_id is None else job_id)
    metrics = ledger.events(job.id, kind="metric").groupby("name", sort=False).last()["value"].to_dict()
    log = log_path(ws, job.id)
    document = as_document(job) | {"metrics": metrics, "log": str(log) if log.exists() else None}
    rows = [(name, value) for name, value in document.items() if value not in ("", None, {})]
    say(document, table(rows, ("", "")), as_json)


@app.command("cancel")
def cancel(job_id: JobId, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Stop a job, a running one at its next safe point."""
    ws = open_workspace(workspace)
    reap(ws)
    job = Ledger(ws).request_cancel(job_id)
    say(as_document(job), [f"Job {job.id} is {job.status}."], as_json)


@app.command("resume")
def resume(
    job_id: JobId,
    backend: BackendOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Queue a job that ended early again."""
    ws = open_workspace(workspace)
    reap(ws)
    job = Ledger(ws).resume(job_id, backend)
    say(as_document(job), [f"Job {job.id} is {job.status}."], as_json)


def as_document(job: Job) -> dict[str, Any]:
    """A job as plain JSON; moments in ISO 8601, UTC."""
    return plain(vars(job) | {"fraction": job.fraction, "seconds": job.seconds})


def _how_far(job: Job) -> str:
    if job.error:
        return job.error
    if job.waits_for is not None:
        return f"waits for job {job.waits_for}"
    if job.status is Status.QUEUED:
        return job.message
    share = f" {job.fraction:.0%}" if job.fraction is not None and not job.ended else ""
    return "" if job.ended else f"{job.stage}{share}"
