"""How good a trained model is for validation users, who were made cold on purpose."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recsys_core.evaluation.splits import ColdUsers
from recsys_core.recommend.answers import ndcg, ranks
from recsys_core.training.trained_model import TrainedModel


def mean_user_ndcg(model: TrainedModel, validation: Sequence[ColdUsers]) -> float:
    """Mean NDCG@10 over the users of every target, in [0, 1]; 0 where there is nobody."""
    return float(user_ndcg(model, validation).mean()) if validation else 0.0


def user_ndcg(model: TrainedModel, validation: Sequence[ColdUsers]) -> NDArray[np.float64]:
    """NDCG@10 of each user of every target, in order."""
    scored = ((cold, model.score(cold.histories, cold.target)) for cold in validation)
    values = [ndcg(ranks(scores, cold.truth)) for cold, scores in scored]
    return np.concatenate([np.zeros(0), *values])


def validation_metrics(model: TrainedModel, validation: Sequence[ColdUsers]) -> dict[str, Any]:
    """Mean NDCG@10 with its 95 % interval over users (normal approximation), for a run's record."""
    values = user_ndcg(model, validation)
    if not len(values):
        return {}
    mean = float(values.mean())
    spread = 1.96 * float(values.std(ddof=1)) / len(values) ** 0.5 if len(values) > 1 else 0.0
    return {
        "validation_ndcg@10": mean,
        "validation_low": mean - spread,
        "validation_high": mean + spread,
        "validation_users": len(values),
    }
