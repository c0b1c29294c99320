from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from recsys_core.catalogue.history import History
from recsys_core.evaluation.splits import ColdUsers
from recsys_core.evaluation.validation import mean_user_ndcg, user_scores, validation_metrics
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
    scores = user_scores(Descending(), [_cold(0, 0, 0)])  # type: ignore[arg-type]
    sure = {"mean": 1.0, "low": 1.0, "high": 1.0}
    assert validation_metrics(scores) == {
        "validation_ndcg@10": 1.0,
        "validation_low": 1.0,
        "validation_high": 1.0,
        "validation_users": 3,
        "validation": {"ndcg@10": sure, "recall@10": sure, "hit@10": sure, "mrr@10": sure},
    }


def test_a_row_per_user_in_the_order_of_the_split() -> None:
    scores = user_scores(Descending(), [_cold(0, 2), _cold(15)])  # type: ignore[arg-type]
    assert scores.columns.tolist() == ["ndcg@10", "recall@10", "hit@10", "mrr@10"]
    assert scores["mrr@10"].tolist() == [1.0, pytest.approx(1 / 3), 0.0]


def test_nobody_gives_nothing() -> None:
    nobody = user_scores(Descending(), [])  # type: ignore[arg-type]
    assert len(nobody) == 0
    assert validation_metrics(nobody) == {}
    assert mean_user_ndcg(Descending(), []) == 0  # type: ignore[arg-type]
