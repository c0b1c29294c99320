from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from recsys_core.catalogue.history import History
from recsys_core.evaluation.splits import ColdUsers
from recsys_core.evaluation.validation import mean_user_ndcg, validation_metrics
from recsys_core.recommend.profile import Profile


@dataclass(frozen=True)
class Descending:
    """Item 0 first, for everyone."""

    def score(self, histories: Sequence[History], target: int) -> NDArray[np.float32]:
        return np.tile(-np.arange(20, dtype=np.float32), (len(histories), 1)) - target


def _cold(*truth: int) -> ColdUsers:
    return ColdUsers(
        np.arange(len(truth)), 0, (Profile.nothing(),) * len(truth), tuple(np.array([t]) for t in truth)
    )


def test_mean_over_all_users_of_all_targets() -> None:
    found = mean_user_ndcg(Descending(), [_cold(0, 2), _cold(15)])  # type: ignore[arg-type]
    assert found == pytest.approx((1 + 0.5 + 0) / 3)


def test_the_numbers_of_a_run() -> None:
    found = validation_metrics(Descending(), [_cold(0, 0, 0)])  # type: ignore[arg-type]
    assert found == {
        "validation_ndcg@10": 1.0,
        "validation_low": 1.0,
        "validation_high": 1.0,
        "validation_users": 3,
    }


def test_nobody_gives_nothing() -> None:
    assert validation_metrics(Descending(), []) == {}  # type: ignore[arg-type]
    assert mean_user_ndcg(Descending(), []) == 0  # type: ignore[arg-type]
