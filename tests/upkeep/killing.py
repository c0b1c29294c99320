"""Killing a victim at a chosen moment, and what must be true of the workspace afterwards."""

import multiprocessing
import os
import random
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil

from recsys_core.jobs.job import Status
from recsys_core.jobs.ledger import Ledger
from recsys_core.upkeep.inspection import inspect, repair
from recsys_core.workspace.records import RunStatus
from recsys_core.workspace.workspace import Workspace
from tests.jobs.waiting import until
from tests.upkeep import victims as module

KILLED = -9
EXPLAINED = {"half-written", "dead-lock"}
SECONDS = 300.0
TRAINING = (
    "recsys_core.training.fitting",
    "recsys_core.interests.finding",
    "recsys_core.migration.measuring",
)


@dataclass
class Killer:
    """Forks from a process that has loaded all it needs; ``folder`` holds what victims begin with."""

    folder: Path
    forks: Any

    @classmethod
    def make(cls, folder: Path, training: bool = False) -> "Killer":
        """With a base that is made in a process of its own, too. ``training``: victims train models."""
        forks = multiprocessing.get_context("forkserver")
        forks.set_forkserver_preload(["tests.upkeep.victims", *(TRAINING if training else ())])
        killer = cls(folder, forks)
        assert killer.run(module.make_trained_base if training else module.make_base, folder) == 0
        return killer

    def run(self, function: Callable[..., None], *arguments: object) -> int | None:
        """Run a function in a forked process; its exit code."""
        process = self.forks.Process(target=function, args=arguments)
        process.start()
        process.join(SECONDS)
        assert process.exitcode is not None, f"{function.__name__}{arguments} hangs"
        return int(process.exitcode)

    def unbroken(self, name: str) -> tuple[int, Any]:
        """How often a victim touches files, and what comes of it."""
        with self._copy(name) as root:
            told = root.with_suffix(".count")
            assert self.run(module.die, root, name, self.folder, 0, told) == 0
            return int(told.read_text()), module.victims(self.folder)[name].outcome(Workspace.open(root))

    def kill(self, name: str, at: int, wanted: Any) -> None:
        """Kill a victim, look the workspace over, go on, and compare."""
        with self._copy(name) as root:
            code = self.run(module.die, root, name, self.folder, at, root.with_suffix(".count"))
            assert code in (0, KILLED)
            check_whole(root)
            assert self.run(module.go_on, root, name, self.folder) == 0
            ws = Workspace.open(root)
            assert {fault.kind for fault in inspect(ws, old=0.0)} <= EXPLAINED
            came = module.victims(self.folder)[name].outcome(ws)
            assert came == wanted, f"{came}\n  instead of\n{wanted}"

    def kill_one_of(self, name: str, who: str, after: float, wanted: Any) -> None:
        """Kill the app that queued a job, the worker or the work itself, ``after`` seconds, and go on."""
        with self._copy(name) as root:
            app = self.forks.Process(target=module.submit, args=(root, name, self.folder))
            app.start()
            ledger = Ledger(Workspace.open(root))
            wait_for(lambda: any(job.pid for job in ledger.jobs()))
            time.sleep(after)
            killed = _pids(who, app.pid, ledger.job(1).pid)
            for pid in killed:
                os.kill(pid, signal.SIGKILL)
            wait_for(lambda: all(map(_gone, killed)))  # a moment later on a busy machine
            app.kill()
            app.join()
            check_whole(root)
            if ledger.job(1).status is not Status.FINISHED:
                ledger.resume(1)
                until(ledger, 1, Status.FINISHED, seconds=SECONDS)
            assert module.victims(self.folder)[name].outcome(Workspace.open(root)) == wanted

    @contextmanager
    def _copy(self, name: str) -> Iterator[Path]:
        # A worker that has just finished may still close its catalogue, whose log goes then by itself.
        with TemporaryDirectory(prefix="copy-", dir=self.folder, ignore_cleanup_errors=True) as copy:
            root = Path(copy) / "ws"
            shutil.copytree(self.folder / module.victims(self.folder)[name].base, root)
            yield root


def check_whole(root: Path) -> None:
    """It opens, nothing in it is half-there, what was not finished says so, and no fault is unexplained."""
    ws = Workspace.open(root)
    module.settle(ws)
    for job in Ledger(ws).jobs():
        assert job.status is Status.FINISHED or job.resumable or job.pid is None, job
    for newest in ws.datasets():
        for info in ws.versions(newest.name):
            assert ws.load_dataset(info.name, info.version).n_events == info.n_events
    assert all(run.status is not RunStatus.RUNNING for run in ws.runs())
    unexplained = [fault for fault in inspect(ws, old=0.0) if fault.kind not in EXPLAINED]
    assert unexplained == []
    mended = repair(ws, old=0.0)
    assert (mended.left, mended.folder) == ((), None)


def _pids(who: str, app: int, worker: int | None) -> list[int]:
    if who == "app":
        return [app]
    try:
        process = psutil.Process(worker)
        return [process.pid] if who == "worker" else [child.pid for child in process.children()]
    except psutil.NoSuchProcess:  # it was quicker
        return []


def _gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def wait_for(true: Callable[[], bool]) -> None:
    """Wait until something is true, or fail."""
    end = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def moments(rng: random.Random, n_touches: int, n: int) -> list[int]:
    """``n`` of the touches, by chance but spread evenly."""
    width = n_touches / n
    return [1 + int(width * (place + rng.random())) for place in range(n)]
