"""New items on real logs: a fine-tuned encoder against the same head on the frozen one."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from recsys_core.catalogue.dataset import Dataset
from recsys_core.columns import TEXT
from recsys_core.encoder.loading import load_encoder
from recsys_core.evaluation.metrics import recall
from recsys_core.evaluation.splits import ColdUsers, Split, cold_item_split
from recsys_core.progress import Silent
from recsys_core.randomness import rng_from
from recsys_core.recommend.paired import ratio_interval
from recsys_core.training.finetune import train_interest_model
from recsys_core.training.item_gradients import EncoderTrainer, encoder_trainer
from recsys_core.training.options import Mode, Part, TrainingOptions
from recsys_core.training.trained_model import TrainedModel
from tests.benchmarks.shop import Floats, by_mean_cosine, ranks_of_new, shop, table, without_prior

WANTED = 1.3
# An item that nobody has taken has nothing but its text, so text is all that either model may use.
HEAD = TrainingOptions(without=(Part.IDS,), epochs=8)
FULL = replace(HEAD, mode=Mode.FULL, encoder_rate=1e-4)


@pytest.mark.parametrize("domain", ["beauty", "toys"])
def test_new_items(domain: str, tmp_path: Path) -> None:
    dataset, vectors = shop(tmp_path, domain)
    split = cold_item_split(dataset, 0)
    frozen, tuned = (_learn(split, vectors, options) for options in (HEAD, FULL))
    table_of_tuned = tuned.text_vectors.detach().numpy()
    found = {
        "frozen encoder, mean of the history": by_mean_cosine(vectors, split.test, dataset),
        "tuned encoder, mean of the history": by_mean_cosine(table_of_tuned, split.test, dataset),
        "head on the frozen encoder": without_prior(frozen, split.test),
        "fine-tuned (full)": without_prior(tuned, split.test),
    }
    values = {name: _recall(scores, split.test, dataset) for name, scores in found.items()}
    ratio = ratio_interval(
        values["fine-tuned (full)"], values["head on the frozen encoder"], rng_from(0, "ratio")
    )
    print(f"\n{domain}: the newest 10 % of items lose all events, ranked without popularity among all;")
    print(f"{len(split.test):,} users, recall@50")
    print(table(("model", "recall@50"), [(name, f"{v.mean():.4f}") for name, v in values.items()]))
    print(f"ratio {ratio.mean:.2f} ({ratio.low:.2f} to {ratio.high:.2f}), wanted {WANTED}")


def _learn(split: Split, vectors: Floats, options: TrainingOptions) -> TrainedModel:
    text: Floats | EncoderTrainer = vectors
    if options.mode is not Mode.HEAD:
        text = encoder_trainer(load_encoder(), split.train.items[TEXT].tolist(), options)

    def validate(model: TrainedModel) -> float:
        return float(_recall(without_prior(model, split.validation), split.validation, split.train).mean())

    return train_interest_model(split.train, text, validate, options, split.seed, Silent())


def _recall(scores: Floats, cold: ColdUsers, dataset: Dataset) -> NDArray[np.float64]:
    return recall(ranks_of_new(scores, cold, dataset), 50)
