"""One process of a team that learns the themed log; what it learned goes into FOLDER/MODE/NUMBER.npz.

``python -m tests.training.member TINY_ENCODER FOLDER N NUMBER MODE…``
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from recsys_core.errors import CancelledError
from recsys_core.training.options import Mode
from recsys_core.training.team import Team, join_team
from tests.training.learner import OPTIONS, At, learn

CANCELLED = "cancelled"


class Heard(At):
    """Notes what it is told; the second process is asked to stop in the second epoch."""

    def __init__(self, stop: bool) -> None:
        super().__init__("steps")
        self.stop, self.n_told, self.n_asked, self.logged = stop, 0, 0, [""]

    def advance(self, done: float, total: float, message: str = "") -> None:
        self.n_told += 1

    def log(self, message: str) -> None:
        self.logged.append(message)

    def check_cancelled(self) -> None:
        self.n_asked += 1
        if self.stop and self.n_asked == 22 and Team.here().number == 1:
            raise CancelledError("Stop.")


def start(n: int, tiny: Path, folder: Path, modes: Sequence[Mode]) -> list["subprocess.Popen[bytes]"]:
    """Start a team of ``n``."""
    command = [sys.executable, "-m", "tests.training.member", str(tiny), str(folder)]
    root, environment = Path(__file__).parents[2], os.environ | {"OMP_NUM_THREADS": "1"}
    return [
        subprocess.Popen([*command, str(n), str(number), *modes], cwd=root, env=environment)
        for number in range(n)
    ]


def learn_and_save(tiny: Path, folder: Path, mode: Mode) -> None:
    """Learn; where the mode is lora, be cancelled on the way and go on from the checkpoint."""
    folder.mkdir(exist_ok=True)
    heard, cancelled = Heard(stop=mode is Mode.LORA), False
    try:
        found = learn(mode, heard, tiny, folder, OPTIONS)
    except CancelledError:
        cancelled, heard.stop = True, False
        found = learn(mode, heard, tiny, folder, OPTIONS)
    found |= {
        "told": np.array(heard.n_told),
        CANCELLED: np.array(cancelled),
        "logged": np.array(heard.logged),
    }
    np.savez(folder / f"{Team.here().number}.npz", **found)


if __name__ == "__main__":
    join_team("cpu", Team(int(sys.argv[3]), int(sys.argv[4])), Path(sys.argv[2]) / "meeting")
    for each in map(Mode, sys.argv[5:]):
        learn_and_save(Path(sys.argv[1]), Path(sys.argv[2]) / each, each)
