"""Waiting for a job that works elsewhere, as if it were done here."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from recsys_core.errors import CancelledError, InputError
from recsys_core.jobs.job import Job, Status
from recsys_core.jobs.ledger import Ledger
from recsys_core.jobs.place import Place
from recsys_core.jobs.reaper import reap
from recsys_core.progress import Progress

LOOK_SECONDS = 0.5
REAP_SECONDS = 10.0


def follow(place: Place, job_id: int, progress: Progress) -> Mapping[str, Any]:
    """Tell ``progress`` what happens in a job until it is over, and give back its result.

    Ctrl-C cancels it. Raises CancelledError where it was cancelled, InputError with the job's own words where
    it failed.
    """
    ledger, told, reaped = Ledger(place), _Told(progress), time.monotonic()
    try:
        while not (job := ledger.job(job_id)).ended:
            told.tell(ledger, job)
            if time.monotonic() - reaped > REAP_SECONDS:
                reap(place)
                reaped = time.monotonic()
            time.sleep(LOOK_SECONDS)
    except KeyboardInterrupt:
        ledger.request_cancel(job_id)
        raise
    told.tell(ledger, job)
    if job.status is Status.CANCELLED:
        raise CancelledError(f"Job {job_id} was cancelled.")
    if job.status is not Status.FINISHED:
        raise InputError(job.error, job.remedy)
    return job.result


@dataclass
class _Told:
    """What of a job has been told: the last event, and how it stood."""

    progress: Progress
    event: int = 0
    stage: str = ""
    message: str = ""

    def tell(self, ledger: Ledger, job: Job) -> None:
        for event in ledger.events(job.id, after=self.event).to_dict("records"):
            self.event = event["id"]
            if event["kind"] == "log":
                self.progress.log(event["message"])
            if event["kind"] == "metric":
                self.progress.metric(event["name"], int(event["step"]), event["value"])
        if job.stage and job.stage != self.stage:
            self.progress.stage(job.stage)
        if job.status is Status.QUEUED and job.message != self.message:
            self.progress.log(job.message)
        elif job.total:
            self.progress.advance(job.done, job.total, job.message)
        self.stage, self.message = job.stage, job.message
