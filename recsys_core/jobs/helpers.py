"""Processes that train together with a job's own, one on each further GPU.

``python -m recsys_core.jobs.helpers --parent PID --n N --number M --meeting FILE`` is one of them. They
are children of the job's process, in its group, and end with it however it ends.
"""

import argparse
import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from recsys_core.jobs.processes import die_with_parent
from recsys_core.settings import read_settings


def how_many() -> int:
    """How many processes a training shall have: what the settings say, else one for each GPU."""
    import torch

    settings = read_settings()
    if settings.processes:
        return settings.processes
    return max(1, torch.cuda.device_count()) if settings.device in ("auto", "cuda") else 1


@contextlib.contextmanager
def helped(n: int) -> Iterator[None]:
    """Inside, this process leads a team of ``n``, whose others help whenever it calls ``fit``.

    Should one of them fail, this process ends too, since it would wait for it for ever.
    """
    if n == 1:
        yield
        return
    from recsys_core.training.team import Team, join_team

    done = threading.Event()
    with TemporaryDirectory(prefix="driftmap-") as folder:
        meeting = Path(folder) / "meeting"
        helpers = [_start(n, number, meeting) for number in range(1, n)]
        for helper in helpers:
            threading.Thread(target=_end_with, args=(helper, done), daemon=True).start()
        try:
            join_team(read_settings().device, Team(n, 0), meeting)
            yield
        finally:
            done.set()
            for helper in helpers:
                helper.kill()


def _start(n: int, number: int, meeting: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "recsys_core.jobs.helpers", "--parent", str(os.getpid())]
    command += ["--n", str(n), "--number", str(number), "--meeting", str(meeting)]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603 - our own module


def _end_with(helper: "subprocess.Popen[bytes]", done: threading.Event) -> None:
    code = helper.wait()
    if code == 0 or done.is_set():
        return
    if code < 0:
        os.kill(os.getpid(), -code)  # by the same signal, so that the job's failure is told rightly
    os._exit(1)


def main() -> None:
    """Entry point of a helper."""
    from recsys_core.training.fitting import help_fit
    from recsys_core.training.team import Team, join_team

    parser = argparse.ArgumentParser(prog="python -m recsys_core.jobs.helpers")
    parser.add_argument("--meeting", type=Path, required=True)
    for name in ("--parent", "--n", "--number"):
        parser.add_argument(name, type=int, required=True)
    chosen = parser.parse_args()
    die_with_parent(chosen.parent)
    join_team(read_settings().device, Team(chosen.n, chosen.number), chosen.meeting)
    help_fit()


if __name__ == "__main__":
    main()
