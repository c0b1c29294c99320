"""Warm next item on real logs against SASRec, published and ours, by the papers' protocol."""

import time
from dataclasses import replace
from itertools import count
from pathlib import Path

import numpy as np

from recsys_core.catalogue.dataset import Dataset
from recsys_core.evaluation.metrics import hit
from recsys_core.evaluation.splits import ColdUsers, Split, leave_one_out_split
from recsys_core.progress import Silent
from recsys_core.recommend.answers import ndcg
from recsys_core.training.finetune import train_interest_model
from recsys_core.training.options import Part, TrainingOptions
from recsys_core.training.trained_model import TrainedModel
from tests.benchmarks.shop import Floats, ranks_of_new, shop, table

PUBLISHED = (0.0921, 0.0531)  # SASRec, 3,000 sampled negatives, same protocol
LIMIT = 25 * 60
SEQUENCES = TrainingOptions(epochs=5, targets_per_user=50, dropout=0.5, popularity=0.5, dim=256, rate=1e-3)
IDS_ONLY = replace(
    SEQUENCES,
    without=(Part.TEXT, Part.PRIOR, Part.GAPS, Part.DOMAINS, Part.MEAN, Part.NEAR),
    epochs=20,
    id_decay=0.02,
)


def test_next_item_on_beauty(tmp_path: Path) -> None:
    dataset, vectors = shop(tmp_path, "beauty")
    split = leave_one_out_split(dataset, 0)
    rows: list[tuple[object, ...]] = [("SASRec, published", "", *PUBLISHED, "")]
    for name, options in (("InterestModel", SEQUENCES), ("SASRec of ours, ids only", IDS_ONLY)):
        began = time.perf_counter()
        epochs, chosen = _choose(split, vectors, options)
        seconds = time.perf_counter() - began
        rows.append((f"{name}, as chosen", epochs, *_judged(chosen, split.test, dataset), f"{seconds:.0f}"))
        last = _learn(split.final, vectors, options, epochs)
        seconds = time.perf_counter() - began
        rows.append(
            (f"{name}, fitted once more", epochs, *_judged(last, split.test, dataset), f"{seconds:.0f}")
        )
    print("\nbeauty, leave-one-out, all items ranked but those of the history, ties against the model;")
    print(f"{len(split.test):,} users. Epochs by validation; 'once more': with the validation events too.")
    print(table(("model", "epochs", "HR@10", "NDCG@10", "seconds in all"), rows))
    print(f"wanted of the InterestModel: {PUBLISHED[0]} and {PUBLISHED[1]} in {LIMIT} s")


def _choose(split: Split, vectors: Floats, options: TrainingOptions) -> tuple[int, TrainedModel]:
    """The epoch with the best NDCG@10 of the validation users, and its model."""
    scores: list[float] = []

    def validate(model: TrainedModel) -> float:
        scores.append(_judged(model, split.validation, split.train)[1])
        return scores[-1]

    model = train_interest_model(split.train, vectors, validate, options, 0, Silent())
    return int(np.argmax(scores)) + 1, model


def _learn(dataset: Dataset, vectors: Floats, options: TrainingOptions, epochs: int) -> TrainedModel:
    """The model after just so many epochs of the same schedule: each is called better up to there."""
    later = count(1)
    once = replace(options, patience=1)
    return train_interest_model(dataset, vectors, lambda _: min(next(later), epochs), once, 0, Silent())


def _judged(model: TrainedModel, cold: ColdUsers, dataset: Dataset) -> tuple[float, float]:
    ranked = ranks_of_new(model.score(cold.histories, cold.target), cold, dataset)
    return float(hit(ranked).mean().round(4)), float(ndcg(ranked).mean().round(4))
