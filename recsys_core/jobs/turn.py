"""Waiting in line: one job at a time per device, the one queued first goes first."""

import socket
import time
from collections.abc import Callable

from filelock import FileLock, Timeout

from recsys_core.jobs.device import RAY
from recsys_core.jobs.job import Job, Status
from recsys_core.jobs.ledger import Ledger
from recsys_core.jobs.place import Place, jobs_folder
from recsys_core.jobs.processes import ProcessId, is_alive
from recsys_core.jobs.record import JobRecord

LOOK_SECONDS = 0.3
START_SECONDS = 30.0  # a worker has this long to come up before its job counts as abandoned
SILENT_SECONDS = 90.0  # a worker on another machine that has not beaten for so long counts as gone
BEAT_SECONDS = 10.0


def is_manned(job: Job, now: float | None = None) -> bool:
    """Whether a living process answers for a job that has not ended.

    Where the clock is set back, what lies ahead counts as long ago: it says nothing of now.
    """
    now = time.time() if now is None else now
    if job.pid is None or job.pid_started is None:
        if job.device == RAY:
            return False  # none yet; asked to start it, the cluster does so once
        return abs(now - job.queued.timestamp()) < START_SECONDS
    if job.host != socket.gethostname():
        return job.heartbeat is not None and abs(now - job.heartbeat.timestamp()) < SILENT_SECONDS
    return is_alive(ProcessId(job.pid, job.pid_started, job.host))


def ahead_of(ledger: Ledger, job: Job) -> Job | None:
    """The job right before ``job`` in the line for its device; None: it is the first.

    Jobs that nobody answers for hold nobody up.
    """
    before = []
    for other in ledger.queue(job.device):
        if other.id == job.id:
            break
        before.append(other)
    return next((other for other in reversed(before) if is_manned(other)), None)


def wait_for_turn(
    place: Place, job_id: int, me: ProcessId, tell: Callable[[Job], None] | None = None
) -> FileLock | None:
    """Wait until the device is free for this job, mark it as running and return the held lock.

    ``tell`` is called with the job that has to end first, once for each. None where the job was
    cancelled meanwhile or another worker answers for it.
    """
    ledger, record = Ledger(place), JobRecord(place, job_id)
    lock = FileLock(jobs_folder(place) / f"{ledger.job(job_id).device.replace(':', '-')}.lock")
    told: int | None = None
    beat = time.monotonic()
    while True:
        job = ledger.job(job_id)
        if job.status is not Status.QUEUED or job.pid != me.pid:
            return None
        ahead = ahead_of(ledger, job)
        if ahead is None and _acquire(lock):
            if record.claim(me):
                return lock
            lock.release()
            return None
        if ahead and ahead.id != told and tell:
            tell(ahead)
        if ahead and (ahead.id != told or time.monotonic() - beat > BEAT_SECONDS):
            told, beat = ahead.id, time.monotonic()
            record.wait_for(ahead.id)
        time.sleep(LOOK_SECONDS)


def _acquire(lock: FileLock) -> bool:
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return False
    return True
