import numpy as np
import pytest

from recsys_core.recommend.transfer import verdict

RNG = np.random.default_rng(0)


@pytest.mark.parametrize(("factor", "transfer"), [(1.5, "gain"), (1.0, "none"), (0.5, "harm")])
def test_verdict(factor: float, transfer: str) -> None:
    theirs = RNG.random(200)
    found = verdict(theirs * factor + RNG.normal(0, 0.01, 200), theirs, "popularity", RNG)
    assert found.transfer == transfer
    assert found.low <= found.ratio <= found.high
    assert found.against == "popularity"
