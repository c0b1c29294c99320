"""People new to a domain, on real logs: the scorecard's blend against the best that goes by ids alone,
against popularity, and against itself without the fine-tuned model.
"""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recsys_core.evaluation.scorecard import Scorecard
from recsys_core.evaluation.scoring import score_models
from recsys_core.evaluation.splits import Split, cold_user_split
from recsys_core.evaluation.validation import mean_user_ndcg
from recsys_core.progress import Silent
from recsys_core.randomness import rng_from
from recsys_core.recommend.paired import Interval, intervals, ratio_interval
from recsys_core.recommend.registry import BLEND
from recsys_core.training.finetune import train_interest_model
from recsys_core.training.options import TrainingOptions
from recsys_core.training.trained_model import DESCRIPTION, TrainedModel
from tests.benchmarks.shop import Floats, shop, table

CLASSICAL = ("popularity", "recent-popularity", "item-knn", "id-kernel", "ease", "linear-map")
NAMES = (*CLASSICAL, "text-ridge", "kernel-ridge", "interest-kernel", "interest-model", BLEND)
KEPT = "DRIFTMAP_BENCH_MODELS"  # a folder in which trained models are kept, since each takes minutes
SEEDS = int(os.environ.get("DRIFTMAP_BENCH_SEEDS", "3"))
WANTED = """wanted of the blend: 1.15 x the best classical on average, none below 1, no interval below 0.97;
1.5 x the best popularity on average; a gain by the model that is sure in one direction of each pair"""


@pytest.mark.parametrize("pair", [("food", "kitchen"), ("beauty", "toys")])
def test_newcomers(pair: tuple[str, str], tmp_path: Path) -> None:
    dataset, vectors = shop(tmp_path, *pair)
    rows = []
    for target in pair:
        splits = [cold_user_split(dataset, dataset.domain_index(target), seed=seed) for seed in range(SEEDS)]
        card = score_models(splits, vectors, NAMES, lambda split: _learn(split, vectors))
        without = score_models(splits, vectors, (BLEND,))
        source = next(name for name in pair if name != target)
        rows.append((f"{source} -> {target}", *_told(card, without)))
        print(*rows[-1], sep="  ", flush=True)  # the next target takes as long again
        print(table(("model", "NDCG@10", "chosen"), _each(card)), flush=True)
    head = ("direction", "users", "x best classical", "of", "x best popularity", "gain by the model", "alone")
    print(f"\ncold users, NDCG@10, all items ranked, ties against the model, {SEEDS} seed(s)")
    print(table(head, rows))
    print(WANTED)


def _told(card: Scorecard, without: Scorecard) -> tuple[object, ...]:
    """How the blend does, against whatever did best on the test users themselves, to be strict."""
    scores = {name: card.per_user[f"{name} ndcg@10"].groupby(card.per_user["user"]).mean() for name in NAMES}
    strongest = max(CLASSICAL, key=lambda name: scores[name].mean())
    popular = max(CLASSICAL[:2], key=lambda name: scores[name].mean())
    before = without.per_user[f"{BLEND} ndcg@10"].groupby(without.per_user["user"]).mean()
    gain = (scores[BLEND] - before).to_numpy(np.float64)
    return (
        card.n_users,
        _ratio(scores[BLEND], scores[strongest]),
        strongest,
        _ratio(scores[BLEND], scores[popular]),
        _said(*intervals(gain[:, None], rng_from(0, "gain")), "{:+.4f}"),
        f"{scores['interest-model'].mean():.4f}",
    )


def _each(card: Scorecard) -> list[tuple[str, str, str]]:
    return [(m.name, _said(m.metrics["ndcg@10"], "{:.4f}"), m.choices) for m in card.models]


def _ratio(ours: pd.Series, theirs: pd.Series) -> str:
    ratio = ratio_interval(ours.to_numpy(np.float64), theirs.to_numpy(np.float64), rng_from(0, "ratio"))
    return _said(ratio, "{:.2f}")


def _said(value: Interval, form: str) -> str:
    return f"{form} ({form} to {form})".format(value.mean, value.low, value.high)


def _learn(split: Split, vectors: Floats) -> TrainedModel:
    """The model of the best epoch by the validation users, as the product's default mode trains it."""
    folder = Path(os.environ[KEPT]) / split.hash if os.environ.get(KEPT) else None
    if folder and (folder / DESCRIPTION).exists():
        return TrainedModel.load(folder)
    validate = lambda model: mean_user_ndcg(model, (split.validation,))  # noqa: E731
    model = train_interest_model(split.train, vectors, validate, TrainingOptions(), split.seed, Silent())
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        model.save(folder)
    return model
