"""The Ray cluster that background jobs may run on, asked over HTTP and never waited for for long.

Jobs go through Ray Jobs: the cluster starts the same worker that ``spawn`` starts on this machine, on a
node that sees the workspace under the same path and, with PostgreSQL, the same database.
"""

import hashlib
import shlex
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from recsys_core.errors import DriftmapError, InputError
from recsys_core.jobs.job import Job
from recsys_core.jobs.kinds import kind_named
from recsys_core.jobs.place import Place, log_path
from recsys_core.jobs.spawn import child_environment, worker_command
from recsys_core.settings import read_settings

if TYPE_CHECKING:
    from ray.job_submission import JobSubmissionClient

CONNECT_SECONDS = 2.0
ANSWER_SECONDS = 10.0
CARRIED = frozenset(
    {
        "DRIFTMAP_WORKSPACE",
        "DRIFTMAP_DATABASE_URL",
        "DRIFTMAP_STORAGE_URL",
        "DRIFTMAP_PRECISION",
        "DRIFTMAP_PROCESSES",
        "DRIFTMAP_FIT_MINUTES",
        "DRIFTMAP_RAY_CPUS",
        "DRIFTMAP_RAY_GPUS",
        "OMP_WAIT_POLICY",
        "PYTHONUNBUFFERED",
    }
)


class ClusterAwayError(DriftmapError):
    """The cluster does not answer, or not as it should."""


@dataclass(frozen=True)
class Submission:
    """What has become of a job that was submitted: whether Ray is done with it, and what it says of it."""

    ended: bool
    message: str


@dataclass(frozen=True)
class Size:
    """Living nodes, and processors and GPUs: all of them and those in use."""

    nodes: int
    cpus: float
    cpus_used: float
    gpus: float
    gpus_used: float

    def __str__(self) -> str:
        """``2 nodes, 3 of 4 CPUs free, 1 of 1 GPU free``."""
        said = f"{self.nodes} node{'s' * (self.nodes != 1)}, {_free(self.cpus, self.cpus_used, 'CPU')}"
        return f"{said}, {_free(self.gpus, self.gpus_used, 'GPU')}" if self.gpus else f"{said}, no GPUs"


@dataclass(frozen=True)
class Cluster:
    """A Ray cluster by the ``address`` of its dashboard. Every method raises ClusterAwayError within some
    seconds where it does not answer, and InputError where Ray is not installed here.
    """

    address: str

    @classmethod
    def configured(cls) -> "Cluster | None":
        """The cluster that the settings name, if they do."""
        address = read_settings().ray_address
        return cls(address) if address else None

    def submit(self, place: Place, job: Job) -> None:
        """Have a queued job's worker started as soon as there is room; once, however often this is asked."""
        settings, n = read_settings(), processes(job)
        with self._asked() as client:
            try:
                client.submit_job(
                    entrypoint=entrypoint(place, job.id),
                    submission_id=submission_id(place, job),
                    runtime_env={"env_vars": environment_there(place)},
                    metadata={"driftmap": f"job {job.id}"},
                    # Several processes ask for theirs by themselves; then the job's own only looks on.
                    entrypoint_num_cpus=settings.ray_cpus if n == 1 else 0,
                    entrypoint_num_gpus=settings.ray_gpus if n == 1 else 0,
                )
            except RuntimeError:
                if self.submission(place, job) is None:  # else someone was faster
                    raise

    def submission(self, place: Place, job: Job) -> Submission | None:
        """What has become of the present attempt at a job; None where the cluster has not heard of it."""
        with self._asked() as client:
            try:
                found = client.get_job_info(submission_id(place, job))
            except RuntimeError as error:
                if "status code 404" in str(error):
                    return None
                raise
        return Submission(found.status.is_terminal(), found.message or "")

    def withdraw(self, place: Place, job: Job) -> None:
        """Take a job that was submitted out of the cluster's line, if it is there."""
        if self.submission(place, job) is not None:
            with self._asked() as client:
                client.stop_job(submission_id(place, job))

    def size(self) -> Size:
        """How large it is and how much of it is in use, as of the last few seconds."""
        with self._asked() as client:
            from ray.util.state import list_nodes

            nodes = list_nodes(self.address, filters=[("state", "=", "ALIVE")], timeout=int(ANSWER_SECONDS))
            answer = client._do_request("GET", "/api/cluster_status").json()["data"]["clusterStatus"] or {}
        used = answer.get("loadMetricsReport", {}).get("usage", {})
        totals = [node.resources_total or {} for node in nodes]
        cpus, gpus = (sum(total.get(name, 0.0) for total in totals) for name in ("CPU", "GPU"))
        return Size(len(nodes), cpus, used.get("CPU", [0.0])[0], gpus, used.get("GPU", [0.0])[0])

    @contextmanager
    def _asked(self) -> Iterator["JobSubmissionClient"]:
        client, failures = _ray()
        try:
            self._knock()
            yield client(self.address)
        except failures as error:
            said = "doesn't answer" if isinstance(error, OSError) else f"refuses: {str(error)[:200]}"
            raise ClusterAwayError(f"The Ray cluster at {self.address} {said}.") from error

    def _knock(self) -> None:
        """The client would wait for minutes for a host that drops what it is sent."""
        at = urlsplit(self.address)
        port = at.port or (443 if at.scheme == "https" else 80)
        socket.create_connection((at.hostname or "", port), CONNECT_SECONDS).close()


def processes(job: Job) -> int:
    """How many processes of the cluster train together in a job."""
    return (read_settings().processes or 1) if kind_named(job.kind).helped else 1


def submission_id(place: Place, job: Job) -> str:
    """Ray's name for this attempt at a job of this workspace; a job that is resumed has another."""
    where = f"{place.engine.url.render_as_string()} {place.root.resolve()}"
    digest = hashlib.sha256(where.encode()).hexdigest()[:12]
    return f"driftmap-{digest}-{job.id}-{round(job.queued.timestamp() * 1000)}"


def entrypoint(place: Place, job_id: int) -> str:
    """The command that runs a job's worker there; what it prints goes to the job's log.

    With an object store the folder there is another one, and new to logs.
    """
    log = log_path(place, job_id).resolve()
    folder, logs, file = (shlex.quote(str(path)) for path in (place.root.resolve(), log.parent, log))
    work = shlex.join(worker_command(place, job_id, "python"))
    return f"cd {folder} && umask 077 && mkdir -p {logs} && exec {work} >> {file} 2>&1"


def environment_there(place: Place) -> dict[str, str]:
    """What of this environment a job needs there. No passwords: Ray shows it to all who use the cluster."""
    carried = {name: value for name, value in child_environment(place).items() if name in CARRIED}
    if place.engine.url.password:
        del carried["DRIFTMAP_DATABASE_URL"]
    return carried | {"DRIFTMAP_DEVICE": "auto" if read_settings().ray_gpus else "cpu"}


def _ray() -> "tuple[type[JobSubmissionClient], tuple[type[Exception], ...]]":
    """Ray's client, made not to wait for ever, and what it raises where the cluster does not do as asked."""
    try:
        from ray.exceptions import RayError
        from ray.job_submission import JobSubmissionClient
        from ray.util.state.exception import RayStateApiException
    except ImportError as error:
        raise InputError(
            "DRIFTMAP_RAY_ADDRESS is set, but Ray isn't installed.",
            "Install it: pip install 'driftmap[cluster]'.",
        ) from error

    class Impatient(JobSubmissionClient):
        def _do_request(self, *args: Any, **more: Any) -> Any:
            return super()._do_request(*args, **{"timeout": ANSWER_SECONDS, **more})

    return Impatient, (OSError, RuntimeError, RayError, RayStateApiException)  # requests raises OSErrors


def _free(total: float, used: float, what: str) -> str:
    return f"{total - used:g} of {total:g} {what}{'s' * (total != 1)} free"
