"""What one step takes: a process of its own, watched from outside."""

import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

import psutil

_EVERY_SECONDS = 0.1
ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Measured:
    """One step at one size. ``seconds`` on the clock and ``cpu`` seconds (user and system, children too) of
    the step alone; ``peak_mb``: the most its process and children held at once, ``own_mb``: the same without
    pages of mapped files, which the system can drop; ``disk_mb``: what it left on disk. ``note``: what was
    scaled or sampled.
    """

    step: str
    events: int
    seconds: float
    cpu: float
    peak_mb: float
    own_mb: float
    disk_mb: float
    note: str


def measure(step: str, events: int, folder: Path) -> Measured:
    """Run ``python -m tests.benchmarks.growth.steps STEP FOLDER`` and watch it."""
    command = [sys.executable, "-m", "tests.benchmarks.growth.steps", step, str(folder)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    peaks = [0.0, 0.0]
    watching = threading.Thread(target=_watch, args=(process, peaks))
    watching.start()
    told = process.communicate()[0]
    watching.join()
    if process.returncode:
        raise RuntimeError(f"{step} of {events:,} events ended with {process.returncode}.")
    return Measured(step, events, peak_mb=peaks[0], own_mb=peaks[1], **json.loads(told.splitlines()[-1]))


def _watch(process: "subprocess.Popen[str]", peaks: list[float]) -> None:
    while process.poll() is None:
        for at, megabytes in enumerate(_held(process.pid)):
            peaks[at] = max(peaks[at], megabytes)
        threading.Event().wait(_EVERY_SECONDS)


def _held(pid: int) -> tuple[float, float]:
    """Resident MB of a process and its children, and of that what no file backs."""
    try:
        process = psutil.Process(pid)
        infos = [one.memory_info() for one in (process, *process.children(recursive=True))]
    except psutil.NoSuchProcess:
        return 0.0, 0.0
    return sum(i.rss for i in infos) / 1e6, sum(i.rss - i.shared for i in infos) / 1e6
