from pathlib import Path

import numpy as np
import pytest

from recsys_core.progress import Silent
from recsys_core.training.batch_parts import nth_part
from recsys_core.training.checkpoint import Checkpoint
from recsys_core.training.examples import Batch
from recsys_core.training.options import Mode
from recsys_core.training.team import Team
from tests.encoder.tiny import tiny_model
from tests.training.learner import OPTIONS, learn
from tests.training.member import CANCELLED, start

MODES = tuple(Mode)
FLOAT32 = ("DRIFTMAP_PRECISION", "float32")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny")
    return tiny_model(folder, "bert")


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory, tiny: Path) -> Path:
    """What a team of two processes learned, a folder for each mode."""
    folder = tmp_path_factory.mktemp("learned")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(*FLOAT32)
        for member in start(2, tiny, folder, MODES):
            assert member.wait(120) == 0
    return folder


def without_key_biases(name: str, values: np.ndarray) -> np.ndarray:
    """A constant beside all keys changes no attention, so that only rounding moves it."""
    if name.endswith("qkv.bias"):
        return np.delete(values.reshape(3, -1), 1, axis=0)
    return values[:0] if name.endswith("key.bias") else values


@pytest.mark.parametrize("mode", MODES)
def test_two_processes_learn_what_one_learns(
    learned: Path, tiny: Path, monkeypatch: pytest.MonkeyPatch, mode: Mode
) -> None:
    monkeypatch.setenv(*FLOAT32)
    alone = learn(mode, Silent(), tiny, options=OPTIONS)
    first, second = (dict(np.load(learned / mode / f"{number}.npz")) for number in (0, 1))
    for name, values in alone.items():
        one, two = (without_key_biases(name, v) for v in (values, first[name]))
        # Sums in another order: AdamW divides by small numbers, which makes more of their rounding.
        np.testing.assert_allclose(two, one, atol=1e-4, err_msg=name)
        if name != "last score":  # the first judges for both
            np.testing.assert_array_equal(first[name], second[name], err_msg=name)
    assert 0.3 < alone["last score"][0] < 1
    assert first["last score"][0] == pytest.approx(alone["last score"][0], abs=1e-6)


@pytest.mark.parametrize("mode", MODES)
def test_the_first_alone_tells_and_writes_but_either_can_stop_both(learned: Path, mode: Mode) -> None:
    first, second = (np.load(learned / mode / f"{number}.npz") for number in (0, 1))
    assert first["told"] > 0
    assert second["told"] == 0
    assert first[CANCELLED] == second[CANCELLED] == (mode is Mode.LORA)
    resumed = [line for line in first["logged"] if line.startswith("Going on after epoch")]
    assert len(resumed) == (mode is Mode.LORA)
    stored = Checkpoint.load(learned / mode)
    assert stored is not None
    assert stored.document["epoch"] == OPTIONS.epochs


def test_one_process_is_a_team_of_one() -> None:
    team, rows, silent = Team.here(), np.arange(3), Silent()
    assert team == Team(1, 0)
    assert team.leads
    assert team.share(rows) is rows
    assert team.lead(0.1) == 0.1
    assert team.progress(silent) is team.apart(silent) is silent


def test_shares_are_all_the_rows_once() -> None:
    shares = [Team(4, number).share(np.arange(3)).tolist() for number in range(4)]
    assert shares == [[0], [1], [2], []]


def test_shares_of_a_batch_weigh_as_their_questions() -> None:
    some = np.array([0, 0, 0, 1])
    nobody = np.zeros(0, np.int64)
    batch = Batch(np.ones((2, 3), int), np.ones((2, 3), int), some, some, some, nobody, nobody)
    parts = [nth_part(batch, 3, number) for number in range(3)]
    assert [part[1] for part in parts if part] == [0.75, 0.25]
    assert parts[2] is None
