"""Two hundred kills: the workspace stays whole, and what was broken off ends as if it had not been."""

import random
import time
from collections.abc import Iterator

import pytest

from tests.upkeep.killing import Killer, moments

POINTS = {
    "import": 40,
    "import under pseudonyms": 20,
    "fine-tune": 34,
    "fine-tune the encoder": 20,
    "migrate": 18,
    "delete a dataset": 20,
    "delete a run": 14,
    "forget": 22,
}
PROCESSES = ("app", "worker", "task")
OF_EACH = 4


@pytest.fixture(scope="module")
def killer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Killer]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DRIFTMAP_DEVICE", "cpu")
        yield Killer.make(tmp_path_factory.mktemp("kills"), training=True)


@pytest.mark.parametrize("name", POINTS)
def test_kills(killer: Killer, name: str) -> None:
    n_touches, wanted = killer.unbroken(name)
    for at in moments(random.Random(name), n_touches, POINTS[name]):
        killer.kill(name, at, wanted)
    print(f"{name}: {POINTS[name]} kills at {n_touches} touches of files")


@pytest.mark.parametrize("who", PROCESSES)
def test_kills_of_processes(killer: Killer, who: str) -> None:
    chance = random.Random(who)
    _, wanted = killer.unbroken("import")
    for _ in range(OF_EACH):
        began, after = time.monotonic(), chance.uniform(0.0, 4.0)
        killer.kill_one_of("import", who, after, wanted)
        print(f"{who} killed after {after:.1f} s: done in {time.monotonic() - began:.1f} s")
