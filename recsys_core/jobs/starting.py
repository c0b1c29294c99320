"""Having a queued job worked on: by a process of this machine, or by the cluster it was queued for."""

import contextlib
import time

from recsys_core.jobs.cluster import Cluster, ClusterAwayError
from recsys_core.jobs.device import RAY, queue_device
from recsys_core.jobs.failures import Failure
from recsys_core.jobs.job import Job
from recsys_core.jobs.place import Place
from recsys_core.jobs.record import JobRecord
from recsys_core.jobs.spawn import start_worker
from recsys_core.settings import read_settings


def start(place: Place, job: Job) -> None:
    """Start the worker of a queued job, on this machine or, once there is room, on the cluster.

    On the cluster nothing is started twice, so that this may be asked again at any time. Where the cluster
    does not answer, the job waits for it or moves to this machine, as the settings say.
    """
    if job.device != RAY:
        start_worker(place, job.id)
        return
    cluster = Cluster.configured()
    if cluster is None:  # the affair of those who know the cluster
        return
    try:
        _see_to(cluster, place, job)
    except ClusterAwayError as away:
        _do_without(place, job, str(away))


def withdraw(place: Place, job: Job) -> None:
    """Take a job out of the cluster's line. Should that fail: its worker would find it cancelled anyway."""
    cluster = Cluster.configured()
    if job.device == RAY and cluster is not None:
        with contextlib.suppress(ClusterAwayError):
            cluster.withdraw(place, job)


def _see_to(cluster: Cluster, place: Place, job: Job) -> None:
    record, found = JobRecord(place, job.id), cluster.submission(place, job)
    if found is None:
        cluster.submit(place, job)
    if found is not None and found.ended:
        record.refuse(Failure(f"It ended on the Ray cluster before it began: {found.message}", _SEE_NODES))
    else:
        record.say("Waits for its turn on the Ray cluster.")


def _do_without(place: Place, job: Job, away: str) -> None:
    record = JobRecord(place, job.id)
    if read_settings().ray_away == "wait":
        record.say(f"{away} The job starts when it is back.")
    elif record.move(queue_device()):
        told = {
            "at": time.time(),
            "kind": "log",
            "name": "",
            "message": f"{away} The job runs on this machine.",
        }
        record.write({}, [told])
        start_worker(place, job.id)


_SEE_NODES = (
    "See that every node has Driftmap, the workspace folder under the same path and the same database, then "
    "resume the job."
)
