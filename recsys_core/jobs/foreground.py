"""A job in this very process: the others see it, wait for it and can cancel it as any other."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from filelock import FileLock

from recsys_core.errors import CancelledError
from recsys_core.jobs.both import Both
from recsys_core.jobs.costs import tell_needs
from recsys_core.jobs.device import queue_device
from recsys_core.jobs.failures import explain
from recsys_core.jobs.job import Job
from recsys_core.jobs.kinds import kind_named, plain, title_of
from recsys_core.jobs.ledger import Ledger
from recsys_core.jobs.ledger_progress import LedgerProgress
from recsys_core.jobs.processes import process_id
from recsys_core.jobs.reaper import reap
from recsys_core.jobs.record import JobRecord
from recsys_core.jobs.turn import wait_for_turn
from recsys_core.progress import Progress

if TYPE_CHECKING:
    from recsys_core.workspace.workspace import Workspace


def run_here(ws: "Workspace", kind: str, params: Mapping[str, Any], progress: Progress) -> Any:
    """Wait for the device, do the work in this process and give back what the pipeline returned.

    A background worker could resume the job, because it has the same kind and parameters. Raises what
    the work raises; CancelledError where the job was cancelled from elsewhere.
    """
    params = plain(params)
    dataset = str(params.get("dataset", ""))
    reap(ws)
    job = Ledger(ws).submit(kind, params, title_of(kind, dataset), dataset, queue_device())
    record = JobRecord(ws, job.id)
    lock = _turn(ws, record, progress)
    try:
        with LedgerProgress(record) as ledger:
            both = Both(progress, ledger)
            tell_needs(ws, kind, params, both)
            value = kind_named(kind).work(ws, params, both)
        record.finish(plain(kind_named(kind).summary(value)))
        return value
    except (CancelledError, KeyboardInterrupt):
        record.cancelled()
        raise
    except BaseException as error:
        record.fail(explain(error))
        raise
    finally:
        lock.release()


def _turn(ws: "Workspace", record: JobRecord, progress: Progress) -> FileLock:
    me = process_id()
    record.attach(me)
    try:
        lock = wait_for_turn(ws, record.job_id, me, lambda ahead: progress.log(_waits(ahead)))
    except KeyboardInterrupt:
        Ledger(ws).request_cancel(record.job_id)
        raise
    if lock is None:
        raise CancelledError("The job was cancelled while it waited.")
    return lock


def _waits(ahead: Job) -> str:
    return f"Waiting for job {ahead.id} ({ahead.title}); one job runs at a time."
