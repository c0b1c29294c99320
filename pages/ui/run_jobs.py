"""Which job a run came from, and what became of a run that has not finished."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from recsys_core.jobs.job import Job, Status
from recsys_core.jobs.ledger import Ledger
from recsys_core.workspace.recording import log_line
from recsys_core.workspace.records import RunInfo, RunStatus

KINDS: Final = ("finetune", "demo")
LATEST: Final = 200
UNKNOWN: Final = "It ended without saying why."
TRY_AGAIN: Final = "Start again with these settings; if it fails again, the job's log tells where."
GONE: Final = "Its process is gone, for example because the machine was restarted."
RESUME: Final = "Resume its job on the jobs page, or start again with these settings."


@dataclass(frozen=True)
class Fate:
    """What became of an unfinished run. ``job``: the newest that worked on it, None where none is known.

    ``interrupted``: it says that it is running, but nobody is at work on it. ``error``, ``remedy``: plain
    sentences, "" where nothing went wrong.
    """

    run: RunInfo
    job: Job | None
    interrupted: bool
    error: str = ""
    remedy: str = ""

    @property
    def failed(self) -> bool:
        """It needs someone to do something."""
        return bool(self.error)


def fates(ledger: Ledger, runs: Sequence[RunInfo]) -> dict[str, Fate]:
    """Run id → what became of it, for the runs that have not finished."""
    unfinished = [run for run in runs if run.status is not RunStatus.FINISHED]
    if not unfinished:
        return {}
    jobs = [job for job in ledger.jobs(LATEST) if job.kind in KINDS]
    return {run.id: fate_of(run, job_of(ledger, run, jobs)) for run in unfinished}


def fate_of(run: RunInfo, job: Job | None) -> Fate:
    """What became of an unfinished run that ``job`` worked on last."""
    unmanned = run.status is RunStatus.RUNNING and (job is None or job.ended)
    interrupted = unmanned or run.status is RunStatus.LOST
    cancelled = job is not None and job.status is Status.CANCELLED
    if run.status is RunStatus.CANCELLED or (interrupted and cancelled):
        return Fate(run, job, interrupted)
    if run.status is RunStatus.FAILED:
        error = str(run.metrics.get("error") or (job.error if job else "") or UNKNOWN)
        remedy = str(run.metrics.get("remedy") or (job.remedy if job else "") or TRY_AGAIN)
        return Fate(run, job, interrupted, job.error if job and job.error else error, remedy)
    if interrupted:
        return Fate(run, job, True, (job.error if job else "") or GONE, (job.remedy if job else "") or RESUME)
    return Fate(run, job, False)


def job_of(ledger: Ledger, run: RunInfo, jobs: Sequence[Job]) -> Job | None:
    """The newest of ``jobs`` (newest first) that worked on ``run``: it says so in its result or its log.

    Jobs of older versions don't; then the one that was at work when the run began.
    """
    near = [job for job in jobs if job.dataset in ("", run.dataset) and _may_have(job, run)]
    for job in near:
        if job.result.get("run") == run.id:
            return job
        lines = ledger.events(job.id, kind="log")["message"]
        if (lines == log_line(run.id)).any():
            return job
    return next((job for job in near if _at_work_when_it_began(job, run)), None)


def _may_have(job: Job, run: RunInfo) -> bool:
    return job.started is not None and (job.finished is None or job.finished >= run.created)


def _at_work_when_it_began(job: Job, run: RunInfo) -> bool:
    return job.started is not None and job.started <= run.created and "run" not in job.result
