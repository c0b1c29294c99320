"""The process that does the work of one job. Started by ``worker.py`` and never without it."""

import argparse
import contextlib
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

from recsys_core.access import HOUSE, acting_as
from recsys_core.errors import CancelledError, DriftmapError, OutageError
from recsys_core.jobs.costs import tell_needs
from recsys_core.jobs.device import RAY
from recsys_core.jobs.failures import explain
from recsys_core.jobs.helpers import helped, how_many
from recsys_core.jobs.job import Job
from recsys_core.jobs.kinds import kind_named, plain
from recsys_core.jobs.ledger import Ledger
from recsys_core.jobs.ledger_progress import LedgerProgress
from recsys_core.jobs.processes import die_with_parent
from recsys_core.jobs.record import JobRecord
from recsys_core.workspace.engines import RESTART_SECONDS
from recsys_core.workspace.membership import only_in
from recsys_core.workspace.workspace import Workspace


def perform(ws: Workspace, job_id: int) -> None:
    """Do the work of a running job, with as many processes as it shall have, and put its end down in the
    ledger; tracebacks go to stderr.
    """
    job = Ledger(ws).job(job_id)
    try:
        if job.device == RAY:
            from recsys_core.jobs.cluster_work import perform_on_cluster

            perform_on_cluster(ws, job)
        else:
            with helped(how_many() if kind_named(job.kind).helped else 1):
                see_through(ws, job)
    except Exception as error:  # the one place where any failure becomes a sentence
        traceback.print_exc()
        JobRecord(ws, job_id).fail(explain(error))


def see_through(ws: Workspace, job: Job) -> None:
    """Do the work of a running job in this process, in the name of who submitted it and with the role they
    had in this workspace, and put down what came of it.

    Raises what nobody foresaw, about which the ledger hears nothing yet.
    """
    record, kind = JobRecord(ws, job.id), kind_named(job.kind)
    try:
        with acting_as(only_in(ws.engine, job.submitter)), LedgerProgress(record) as progress:
            tell_needs(ws, job.kind, job.params, progress)
            value = kind.work(ws, job.params, progress)
        record.finish(plain(kind.summary(value)))
    except CancelledError:
        record.cancelled()
    except DriftmapError as error:
        traceback.print_exc()
        record.fail(explain(error))


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point of the process."""
    parser = argparse.ArgumentParser(prog="python -m recsys_core.jobs.task")
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--job", type=int, required=True)
    parser.add_argument("--parent", type=int, required=True)
    chosen = parser.parse_args(arguments)
    die_with_parent(chosen.parent)
    with contextlib.suppress(OSError):  # when memory runs out, this process goes, not the app
        Path("/proc/self/oom_score_adj").write_text("500", encoding="ascii")
    with acting_as(HOUSE):
        perform(opened(chosen.workspace), chosen.job)


def opened(root: Path) -> Workspace:
    """The workspace. The worker spoke to its catalogue a moment ago, so one that does not answer is being
    restarted, and is waited for. Raises OutageError where that takes longer than restarts do.
    """
    end = time.monotonic() + RESTART_SECONDS
    while True:
        try:
            return Workspace.open(root)
        except OutageError:
            if time.monotonic() > end:
                raise
            time.sleep(0.25)


if __name__ == "__main__":
    main()
