"""The work of a job on a Ray cluster: in the process that Ray Jobs started, or several by Ray Train."""

import contextlib
import logging
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import ray

from recsys_core.errors import ResourceError
from recsys_core.jobs.cluster import processes
from recsys_core.jobs.cluster_spread import over_cluster
from recsys_core.jobs.job import Job
from recsys_core.jobs.ledger import Ledger
from recsys_core.jobs.record import JobRecord
from recsys_core.jobs.task import see_through
from recsys_core.settings import read_settings
from recsys_core.spread import spreading
from recsys_core.workspace.workspace import Workspace

RESTARTS: Final = 3
"""So often a training starts again after it lost a process, each time after its last checkpoint."""


def perform_on_cluster(ws: Workspace, job: Job) -> None:
    """Do the work of a running job, parts of it wherever the cluster has room. Raises what nobody foresaw,
    and ResourceError where a training lost too many of its processes.
    """
    n = processes(job)
    if n == 1:
        with spreading(over_cluster):
            see_through(ws, job)
    else:
        train_together(ws, job, n)


def train_together(ws: Workspace, job: Job, n: int) -> None:
    """Train with ``n`` processes, each where the cluster has room for it.

    Ray Train starts them, connects them and starts them again should one be lost; checkpoints are Driftmap's
    own, in the folder of the run. Raises ResourceError where they were lost more than RESTARTS times.
    """
    from ray.train import FailureConfig, RunConfig, ScalingConfig, TrainingFailedError
    from ray.train.torch import TorchConfig, TorchTrainer

    from recsys_core.training.team import PATIENCE

    settings = read_settings()
    each = {"CPU": settings.ray_cpus} | ({"GPU": settings.ray_gpus} if settings.ray_gpus else {})
    JobRecord(ws, job.id).write({"stage": f"Waiting for room for {n} processes on the cluster"}, [])
    with _connected(), TemporaryDirectory(prefix="training-", dir=ws.root / "jobs") as notes:
        trainer = TorchTrainer(
            train_with_others,
            train_loop_config={"workspace": str(ws.root), "job": job.id},
            torch_config=TorchConfig(timeout_s=int(PATIENCE.total_seconds())),
            scaling_config=ScalingConfig(
                num_workers=n, use_gpu=bool(settings.ray_gpus), resources_per_worker=each
            ),
            run_config=RunConfig(
                name=f"job-{job.id}", storage_path=notes, failure_config=FailureConfig(max_failures=RESTARTS)
            ),
        )
        try:
            trainer.fit()
        except TrainingFailedError as error:
            raise ResourceError(
                f"The training failed on the cluster {RESTARTS + 1} times; the job's log file tells how."
            ) from error


def train_with_others(config: dict[str, Any]) -> None:
    """What each process does: the first the job, the others what helps it."""
    from recsys_core.training.fitting import dismiss, help_fit
    from recsys_core.training.team import join_team

    ws = Workspace.open(Path(config["workspace"]))
    if not join_team(read_settings().device).leads:
        help_fit()
        return
    with spreading(over_cluster):
        see_through(ws, Ledger(ws).job(config["job"]))
    dismiss()


@contextlib.contextmanager
def _connected() -> Iterator[None]:
    """Inside, this process may use the cluster that started it."""
    if ray.is_initialized():
        yield
        return
    ray.init(address="auto", logging_level=logging.WARNING)
    try:
        yield
    finally:
        ray.shutdown()
