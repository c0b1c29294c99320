"""Start the worker of a job as a process that has nothing to do with this one's life."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import recsys_core
from recsys_core.jobs.place import Place, log_path
from recsys_core.jobs.processes import process_id
from recsys_core.jobs.record import JobRecord


def start_worker(place: Place, job_id: int) -> None:
    """Start a worker for a queued job in a session of its own; it outlives this process.

    What it prints goes to the job's log file.
    """
    command = worker_command(place, job_id, sys.executable)
    with log_path(place, job_id).open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 - our own module
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=place.root,
            env=child_environment(place),
            start_new_session=True,
        )
    JobRecord(place, job_id).attach(process_id(process.pid))
    # Without someone who waits for it, an ended worker would stay a zombie of this process.
    threading.Thread(target=process.wait, name=f"job {job_id}", daemon=True).start()


def worker_command(place: Place, job_id: int, python: str) -> list[str]:
    """The command that runs the worker of a job."""
    command = [python, "-m", "recsys_core.jobs.worker"]
    return [*command, "--workspace", str(place.root.resolve()), "--job", str(job_id)]


def child_environment(place: Place) -> dict[str, str]:
    """This environment, in which a child finds the same package and the same database.

    Its threads sleep while they wait for each other unless the environment says otherwise: a job gives way to
    the app, and threads that wait awake for one which has no processor slow it down many times.
    """
    package = str(Path(recsys_core.__file__).resolve().parent.parent)
    path = [package, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    return {
        "OMP_WAIT_POLICY": "PASSIVE",
        **os.environ,
        "PYTHONPATH": os.pathsep.join(dict.fromkeys(path)),
        "PYTHONUNBUFFERED": "1",
        "DRIFTMAP_WORKSPACE": str(place.root.resolve()),
        "DRIFTMAP_DATABASE_URL": place.engine.url.render_as_string(hide_password=False),
    }
