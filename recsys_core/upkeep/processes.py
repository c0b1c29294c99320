"""Jobs and runs that say they are at work while nobody is."""

from collections.abc import Iterator
from functools import partial

from filelock import Timeout

from recsys_core.jobs.job import Status
from recsys_core.jobs.ledger import Ledger
from recsys_core.jobs.reaper import reap
from recsys_core.jobs.turn import is_manned
from recsys_core.upkeep.fault import Fault, LostAndFound
from recsys_core.workspace.records import RunStatus
from recsys_core.workspace.workspace import Workspace


def lost_jobs(ws: Workspace) -> Iterator[Fault]:
    """Jobs whose process is gone."""
    for job in Ledger(ws).queue():
        if not is_manned(job):
            queued = job.status is Status.QUEUED
            yield Fault(
                "job",
                f"job {job.id}",
                f"{job.title} is {job.status}, but its process is gone.",
                "Gets a new process."
                if queued
                else "Counts as lost from then on, so that it can be resumed.",
                partial(_reap, ws),
            )


def lost_runs(ws: Workspace) -> Iterator[Fault]:
    """Runs that say they are running while nobody trains them."""
    for run in ws.runs():
        if run.status is RunStatus.RUNNING and _is_left(ws, run.id):
            yield Fault(
                "run",
                run.id,
                f"{run.name} says that it is running, but nobody is at work on it.",
                "Counts as lost from then on; its job, resumed, goes on with it.",
                partial(_lose, ws),
            )


def _is_left(ws: Workspace, run_id: str) -> bool:
    try:
        with ws.lock_of_run(run_id):
            return True
    except Timeout:
        return False


def _reap(ws: Workspace, _: LostAndFound) -> None:
    reap(ws)


def _lose(ws: Workspace, _: LostAndFound) -> None:
    ws.lose_runs()
