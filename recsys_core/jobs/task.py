"""The process that does the work of one job. Started by ``worker.py`` and never without it."""

import argparse
import contextlib
import traceback
from collections.abc import Sequence
from pathlib import Path

from recsys_core.access import HOUSE, acting_as
from recsys_core.errors import CancelledError
from recsys_core.jobs.failures import explain
from recsys_core.jobs.helpers import helped, how_many
from recsys_core.jobs.kinds import kind_named, plain
from recsys_core.jobs.ledger import Ledger
from recsys_core.jobs.ledger_progress import LedgerProgress
from recsys_core.jobs.processes import die_with_parent
from recsys_core.jobs.record import JobRecord
from recsys_core.workspace.workspace import Workspace


def perform(ws: Workspace, job_id: int) -> None:
    """Do the work of a running job, in the name of who submitted it, and put its end down in the ledger;
    tracebacks go to stderr.
    """
    job = Ledger(ws).job(job_id)
    record = JobRecord(ws, job_id)
    try:
        kind = kind_named(job.kind)
        in_their_name, help_ = acting_as(job.submitter), helped(how_many() if kind.helped else 1)
        with in_their_name, LedgerProgress(record) as progress, help_:
            value = kind.work(ws, job.params, progress)
        result = plain(kind.summary(value))
    except CancelledError:
        record.cancelled()
    except Exception as error:  # the one place where any failure becomes a sentence
        traceback.print_exc()
        record.fail(explain(error))
    else:
        record.finish(result)


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
        perform(Workspace.open(chosen.workspace), chosen.job)


if __name__ == "__main__":
    main()
