"""Processes by number *and* start time, because the system gives the numbers out again.

On Linux start times are counted from the boot, so that a clock which is set anew makes no living process look
like another one; elsewhere they are Unix seconds.
"""

import contextlib
import ctypes
import os
import signal
import socket
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
CLOCK_TOLERANCE = 2.0  # seconds; elsewhere than on Linux start times are read against an adjustable clock
LEFT_BEHIND = 30.0  # seconds after the last sign of life in which a leader may still have started something
_STARTED = 19  # of the fields behind the name in /proc/PID/stat: starttime, see proc_pid_stat(5)


@dataclass(frozen=True)
class ProcessId:
    """``pid`` on ``host``, started at ``started`` (seconds, see above)."""

    pid: int
    started: float
    host: str


def process_id(pid: int | None = None) -> ProcessId:
    """The identity of a living process, by default of this one.

    Raises psutil.NoSuchProcess when it is gone already.
    """
    process = psutil.Process(pid if pid is not None else os.getpid())
    return ProcessId(process.pid, _started(process), socket.gethostname())


def is_alive(process: ProcessId) -> bool:
    """Whether that very process still runs on this machine (a zombie does not)."""
    try:
        found = psutil.Process(process.pid)
        same = abs(_started(found) - process.started) <= CLOCK_TOLERANCE
        return same and found.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _started(process: psutil.Process) -> float:
    """When a process started. Raises psutil.NoSuchProcess."""
    if sys.platform != "linux":
        return process.create_time()
    try:
        stat = Path(f"/proc/{process.pid}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        raise psutil.NoSuchProcess(process.pid) from None
    return int(stat.rpartition(")")[2].split()[_STARTED]) / os.sysconf("SC_CLK_TCK")


def _now() -> float:
    """Now, as start times count."""
    on_linux = sys.platform == "linux"
    return time.clock_gettime(time.CLOCK_BOOTTIME) if on_linux else time.time()


def give_way(niceness: int) -> None:
    """Let other processes go before this one and its children (``niceness`` 0 … 19).

    Linux may share the processors among sessions first (autogroup, see sched(7)); then niceness only counts
    within a session, and that of the session is set too.
    """
    os.nice(niceness)
    of_session = Path("/proc/self/autogroup")
    if of_session.exists():
        with contextlib.suppress(OSError):  # where it is not allowed, the job is only less polite
            of_session.write_text(str(niceness))


def end_group(pid: int, grace: float = 5.0) -> None:
    """End the process group led by ``pid``: a request first, force after ``grace`` seconds."""
    _signal_group(pid, signal.SIGTERM)
    end = time.monotonic() + grace
    while time.monotonic() < end and psutil.pid_exists(pid):
        if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            break
        time.sleep(0.05)
    kill_group(pid)


def kill_group(pid: int) -> None:
    """End the process group led by ``pid`` by force."""
    _signal_group(pid, signal.SIGKILL)


def _signal_group(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def kill_session(leader: ProcessId, silent: float) -> None:
    """End by force what the vanished leader of a session left behind.

    Only processes of its session that began while it lived (until ``silent`` seconds ago, and a little
    more) are taken for its own.
    """
    born = (leader.started - CLOCK_TOLERANCE, _now() - silent + LEFT_BEHIND)
    for process in psutil.process_iter():
        with contextlib.suppress(OSError, psutil.Error):
            if os.getsid(process.pid) == leader.pid and born[0] <= _started(process) <= born[1]:
                process.kill()


def die_with_parent(parent: int) -> None:
    """Have this process killed as soon as process ``parent``, which started it, is gone."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    else:
        threading.Thread(target=_watch_parent, args=(parent,), daemon=True).start()
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def _watch_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1.0)
    os.kill(os.getpid(), signal.SIGKILL)
