"""Putting the ledger right after processes died without a word."""

import socket
import time

from recsys_core.jobs.failures import COPIED, LOST
from recsys_core.jobs.job import Job, Status
from recsys_core.jobs.ledger import Ledger
from recsys_core.jobs.place import Place
from recsys_core.jobs.processes import ProcessId, kill_session
from recsys_core.jobs.record import JobRecord
from recsys_core.jobs.starting import start
from recsys_core.jobs.turn import is_manned


def reap(place: Place) -> list[Job]:
    """Mark jobs as lost whose process is gone, and give abandoned queued ones a new worker.

    A job that was being cancelled when its process went is cancelled. Those that wait for the cluster are
    submitted where that has not heard of them. Returns the jobs seen to.
    """
    ledger = Ledger(place)
    changed = []
    for job in ledger.queue():
        if is_manned(job):
            continue
        if job.status is Status.QUEUED:
            start(place, job)
        else:
            _bury(place, job)
        changed.append(ledger.job(job.id))
    return changed


def disown(place: Place) -> list[int]:
    """Mark every unfinished job as lost, ending no process: the workspace is a copy, and whoever works on
    them does so in another. Their ids.
    """
    jobs = Ledger(place).queue()
    for job in jobs:
        record = JobRecord(place, job.id)
        record.cancelled() if job.status is Status.CANCELLING else record.lost(COPIED)
    return [job.id for job in jobs]


def _bury(place: Place, job: Job) -> None:
    record = JobRecord(place, job.id)
    if job.status is Status.CANCELLING:
        record.cancelled()
    else:
        record.lost(LOST)
    if job.host == socket.gethostname() and job.pid and job.pid_started and job.heartbeat:
        silent = max(0.0, time.time() - job.heartbeat.timestamp())
        kill_session(ProcessId(job.pid, job.pid_started, job.host), silent)
