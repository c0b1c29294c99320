"""How good a trained model is for validation users, who were made cold on purpose."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recsys_core.evaluation.metrics import METRICS, metrics_at
from recsys_core.evaluation.splits import ColdUsers
from recsys_core.recommend.answers import ndcg, ranks
from recsys_core.training.trained_model import TrainedModel

MEASURES: Final = tuple(f"{name}@10" for name in METRICS)


def mean_user_ndcg(model: TrainedModel, validation: Sequence[ColdUsers]) -> float:
    """Mean NDCG@10 over the users of every target, in [0, 1]; 0 where there is nobody."""
    return float(user_ndcg(model, validation).mean()) if validation else 0.0


def user_ndcg(model: TrainedModel, validation: Sequence[ColdUsers]) -> NDArray[np.float64]:
    """NDCG@10 of each user of every target, in order."""
    scored = ((cold, model.score(cold.histories, cold.target)) for cold in validation)
    values = [ndcg(ranks(scores, cold.truth)) for cold, scores in scored]
    return np.concatenate([np.zeros(0), *values])


def user_scores(model: TrainedModel, validation: Sequence[ColdUsers]) -> pd.DataFrame:
    """A row per validation user of every target, in their order, without naming them; columns ``MEASURES``.

    The order depends on the split alone, so the rows of two models judged on the same split pair up.
    """
    scored = ((cold, model.score(cold.histories, cold.target)) for cold in validation)
    frames = [pd.DataFrame(metrics_at(ranks(scores, cold.truth))) for cold, scores in scored]
    return pd.concat([pd.DataFrame(columns=list(MEASURES), dtype=np.float64), *frames], ignore_index=True)


def validation_metrics(scores: pd.DataFrame) -> dict[str, Any]:
    """Means with their 95 % intervals over users (normal approximation), for a run's record.

    ``scores``: of ``user_scores``. {} where there is nobody.
    """
    if scores.empty:
        return {}
    found = {measure: _interval(scores[measure].to_numpy(np.float64)) for measure in MEASURES}
    first = found["ndcg@10"]
    return {
        "validation_ndcg@10": first["mean"],
        "validation_low": first["low"],
        "validation_high": first["high"],
        "validation_users": len(scores),
        "validation": found,
    }


def _interval(values: NDArray[np.float64]) -> dict[str, float]:
    mean = float(values.mean())
    spread = 1.96 * float(values.std(ddof=1)) / len(values) ** 0.5 if len(values) > 1 else 0.0
    return {"mean": mean, "low": mean - spread, "high": mean + spread}
