"""Waiting for real processes, with a limit."""

import time
from pathlib import Path

from recsys_core.jobs.job import Job, Status
from recsys_core.jobs.ledger import Ledger


def until(ledger: Ledger, job_id: int, *wanted: Status, seconds: float = 30.0) -> Job:
    """Wait until the job has one of the states, or fail with where it stands instead."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        job = ledger.job(job_id)
        if job.status in wanted:
            return job
        time.sleep(0.05)
    raise AssertionError(f"job {job_id} is {job.status}, not {wanted}: {job}")


def until_at(path: Path, number: int, seconds: float = 30.0) -> None:
    """Wait until a counting job has written ``number``."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if path.exists() and len(path.read_text().split()) >= number:
            return
        time.sleep(0.02)
    raise AssertionError(f"{path} never reached {number}")


def until_waiting(ledger: Ledger, job_id: int, seconds: float = 30.0) -> Job:
    """Wait until a queued job says what it waits for."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        job = ledger.job(job_id)
        if job.waits_for is not None:
            return job
        time.sleep(0.05)
    raise AssertionError(f"job {job_id} never said what it waits for")
