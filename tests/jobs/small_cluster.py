"""A Ray cluster of two nodes with one processor each, on this machine.

``python -m tests.jobs.small_cluster PORT`` runs until it is ended or, a line on stdin at a time, told to
``restart`` (head and all) or to add a ``node``; it says "up" whenever it is. PORT: of its dashboard.
"""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from tests.jobs.conftest import KINDS_FOLDER

SMALL: dict[str, Any] = {"num_cpus": 1, "num_gpus": 0, "object_store_memory": 100_000_000}


def _start(port: int) -> Any:
    from ray.cluster_utils import Cluster

    dashboard = {"include_dashboard": True, "dashboard_host": "127.0.0.1", "dashboard_port": port}
    cluster = Cluster(initialize_head=True, head_node_args=SMALL | dashboard)
    cluster.add_node(**SMALL)
    return cluster


def _say_up() -> None:
    sys.stdout.write("up\n")
    sys.stdout.flush()


def main(port: int) -> None:
    """Serve until stdin ends."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    cluster = _start(port)
    try:
        _say_up()
        for line in sys.stdin:
            if line.strip() == "node":
                cluster.add_node(**SMALL)
            else:
                cluster.shutdown()
                cluster = _start(port)
            _say_up()
    finally:
        cluster.shutdown()


class SmallCluster:
    """The cluster as tests see it. ``address``: of its dashboard."""

    def __init__(self, process: "subprocess.Popen[str]", address: str) -> None:
        self._process, self.address = process, address

    def processes(self) -> list[psutil.Process]:
        """All processes that it consists of now."""
        return psutil.Process(self._process.pid).children(recursive=True)

    def tell(self, what: str = "") -> None:
        """Have it do something, and wait until it is up."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        if what:
            print(what, file=self._process.stdin, flush=True)
        while (line := self._process.stdout.readline()).strip() != "up":
            assert line, "the cluster has ended"


@contextmanager
def small_cluster(under: Sequence[str] = ()) -> Iterator[SmallCluster]:
    """A cluster while the block runs. ``under``: a command that starts the one behind it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    root = Path(__file__).parents[2]
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("DRIFTMAP_")},
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PYTHONPATH": os.pathsep.join([str(root), KINDS_FOLDER]),
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_prestart_worker_first_driver": "0",
    }
    command = [*under, sys.executable, "-m", "tests.jobs.small_cluster", str(port)]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=root,
        env=environment,
    ) as process:
        try:
            cluster = SmallCluster(process, f"http://127.0.0.1:{port}")
            cluster.tell()
            yield cluster
        finally:
            process.terminate()


if __name__ == "__main__":
    main(int(sys.argv[1]))
