from typing import Any

import numpy as np
import pytest

from recsys_core.recommend.profile import Profile
from recsys_core.recommend.transfer import Verdict, is_gated, verdict

RNG = np.random.default_rng(0)


@pytest.mark.parametrize(("factor", "transfer"), [(1.5, "gain"), (1.0, "none"), (0.5, "harm")])
def test_verdict(factor: float, transfer: str) -> None:
    theirs = RNG.random(200)
    found = verdict(theirs * factor + RNG.normal(0, 0.01, 200), theirs, "popularity", RNG)
    assert found.transfer == transfer
    assert found.low <= found.ratio <= found.high
    assert found.against == "popularity"


@pytest.mark.parametrize(
    ("transfer", "gated"), [("gain", False), ("none", True), ("harm", True), (None, False)]
)
def test_a_history_that_does_not_help_is_gated(transfer: Any, gated: bool) -> None:
    tested = transfer and Verdict(transfer, 1.0, 0.9, 1.1, "popularity")
    assert is_gated(tested, Profile.from_picks([1])) is gated


def test_who_types_or_is_unknown_is_always_answered() -> None:
    tested = Verdict("none", 1.0, 0.9, 1.1, "popularity")
    assert not is_gated(tested, Profile.from_text("tea", np.ones(2, np.float32)))
    assert not is_gated(tested, Profile.nothing())
