"""A dozen kills; ``tests/benchmarks/test_kills.py`` has two hundred, of trainings and real workers, too."""

import random
from collections.abc import Iterator

import pytest

from tests.upkeep.killing import Killer, moments

POINTS = {"import": 2, "delete a dataset": 4, "delete a run": 3, "forget": 3}


@pytest.fixture(scope="module")
def killer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Killer]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DRIFTMAP_DEVICE", "cpu")
        yield Killer.make(tmp_path_factory.mktemp("kills"))


@pytest.mark.parametrize("name", POINTS)
def test_a_killed_process_leaves_nothing_half_there(killer: Killer, name: str) -> None:
    n_touches, wanted = killer.unbroken(name)
    for at in moments(random.Random(name), n_touches, POINTS[name]):  # noqa: S311
        killer.kill(name, at, wanted)
