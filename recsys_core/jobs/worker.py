"""The detached process of one job: it waits for its turn, starts the work and watches over it.

``python -m recsys_core.jobs.worker --workspace DIR --job ID``. It loads nothing heavy: the work runs in
a process of its own (``task.py``), so that signs of life go out while that computes, a cancel can be
enforced, and a sudden end (memory ran out) still gets a sentence in the ledger.
"""

import argparse
import os
import subprocess
import sys
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

from recsys_core.access import HOUSE, acting_as
from recsys_core.errors import OutageError
from recsys_core.jobs.device import RAY
from recsys_core.jobs.failures import explain_exit
from recsys_core.jobs.job import Status
from recsys_core.jobs.ledger import Ledger
from recsys_core.jobs.place import Place, open_place
from recsys_core.jobs.processes import end_group, give_way, kill_group, process_id
from recsys_core.jobs.reaper import reap
from recsys_core.jobs.record import JobRecord
from recsys_core.jobs.turn import wait_for_turn
from recsys_core.workspace.permissions import keep_private

CANCEL_GRACE = 3.0  # seconds the work has to stop by itself
END_GRACE = 1.0  # seconds until force, after a request to end
LOOK_SECONDS = 0.25
BEAT_SECONDS = 2.0


def work(place: Place, job_id: int, grace: float = CANCEL_GRACE) -> None:
    """See one job through: queue, work, end. Whatever happens, the ledger says so."""
    me = process_id()
    record = JobRecord(place, job_id)
    if not record.attach(me):
        return
    if Ledger(place).job(job_id).device == RAY:  # its line was the cluster's, and it has come through that
        if record.claim(me):
            _supervise(place, record, grace)
        return
    lock = wait_for_turn(place, job_id, me)
    if lock is None:
        return
    try:
        _supervise(place, record, grace)
    finally:
        lock.release()
    reap(place)


def _supervise(place: Place, record: JobRecord, grace: float) -> None:
    command = [sys.executable, "-m", "recsys_core.jobs.task"]
    command += ["--workspace", str(place.root), "--job", str(record.job_id), "--parent", str(os.getpid())]
    task = subprocess.Popen(command, stdin=subprocess.DEVNULL, process_group=0)  # noqa: S603 - our own module
    _watch(record, task, grace)
    code = task.wait()
    kill_group(task.pid)
    if record.status() is Status.CANCELLING:
        record.cancelled()
    else:
        record.fail(explain_exit(code))


def _watch(record: JobRecord, task: "subprocess.Popen[bytes]", grace: float) -> None:
    beat = deadline = 0.0
    while task.poll() is None:
        now = time.monotonic()
        try:
            if now - beat > BEAT_SECONDS:
                beat = now
                record.beat()
            if not deadline and record.status() is Status.CANCELLING:
                deadline = now + grace
        except OutageError:  # the database is away; the work goes on, and is told of later
            traceback.print_exc()
        if deadline and now > deadline:
            end_group(task.pid, END_GRACE)
            return
        time.sleep(LOOK_SECONDS)


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point of the process."""
    parser = argparse.ArgumentParser(prog="python -m recsys_core.jobs.worker")
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--job", type=int, required=True)
    parser.add_argument(
        "--grace", type=float, default=CANCEL_GRACE, help="seconds a cancelled job has to stop"
    )
    chosen = parser.parse_args(arguments)
    keep_private()
    give_way(5)  # whoever looks at the pages goes first
    with acting_as(HOUSE):
        work(open_place(chosen.workspace), chosen.job, chosen.grace)


if __name__ == "__main__":
    main()
