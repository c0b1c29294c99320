import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from recsys_core.errors import CancelledError
from recsys_core.progress import Silent
from recsys_core.training.checkpoint import Checkpoint
from recsys_core.training.options import Mode
from tests.encoder.tiny import tiny_model
from tests.training.learner import At, learn

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_model(tmp_path_factory.mktemp("tiny"), "bert")


def assert_same(resumed: dict[str, np.ndarray], unbroken: dict[str, np.ndarray]) -> None:
    assert resumed.keys() == unbroken.keys()
    for name, values in unbroken.items():
        np.testing.assert_array_equal(resumed[name], values, err_msg=name)


@pytest.mark.parametrize(
    ("mode", "where"),
    [(Mode.HEAD, "steps"), (Mode.LORA, "texts"), (Mode.FULL, "steps"), (Mode.FULL, "texts")],
)
def test_a_killed_run_goes_on_to_the_very_same_model(
    tmp_path: Path, tiny: Path, mode: Mode, where: str
) -> None:
    command = [sys.executable, "-m", "tests.training.learner", str(tiny), str(tmp_path), mode, where]
    killed = subprocess.run(command, cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    stored = Checkpoint.load(tmp_path)
    assert stored is not None
    assert stored.document["epoch"] == 2
    assert_same(learn(mode, Silent(), tiny, tmp_path), learn(mode, Silent(), tiny))


class Fail(At):
    def __init__(self, where: str, error: Exception) -> None:
        super().__init__(where)
        self.error = error

    def act(self) -> None:
        raise self.error


@pytest.mark.parametrize("error", [CancelledError("Stop."), KeyError("a bug")])
@pytest.mark.parametrize("where", ["steps", "texts"])
def test_a_run_that_broke_off_goes_on_to_the_very_same_model(
    tmp_path: Path, tiny: Path, where: str, error: Exception
) -> None:
    with pytest.raises(type(error)):
        learn(Mode.LORA, Fail(where, error), tiny, tmp_path)
    assert_same(learn(Mode.LORA, Silent(), tiny, tmp_path), learn(Mode.LORA, Silent(), tiny))


def test_a_run_broken_off_before_its_first_checkpoint_begins_alike(tmp_path: Path, tiny: Path) -> None:
    assert_same(learn(Mode.LORA, Silent(), tiny, tmp_path), learn(Mode.LORA, Silent(), tiny))
