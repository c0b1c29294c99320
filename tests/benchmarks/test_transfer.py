"""What fine-tuning is worth to a newcomer on real logs by cosine alone; in the blend: ``test_cold_users``."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recsys_core.catalogue.dataset import Dataset
from recsys_core.evaluation.splits import Split, cold_user_split
from recsys_core.evaluation.validation import mean_user_ndcg
from recsys_core.progress import Silent
from recsys_core.randomness import rng_from
from recsys_core.recommend.answers import ndcg
from recsys_core.recommend.paired import ratio_interval
from recsys_core.training.finetune import train_interest_model
from recsys_core.training.options import Part, TrainingOptions
from recsys_core.training.trained_model import TrainedModel
from tests.benchmarks.shop import Floats, by_cosine, by_mean_cosine, ranks_of_new, shop, table

WHOLE = TrainingOptions()
TEXT_ONLY = replace(WHOLE, without=(Part.IDS,))
WANTED = {
    ("whole", "kitchen"): 5,
    ("whole", "food"): 3,
    ("text only", "kitchen"): 3,
    ("text only", "food"): 2,
}
LEARNED: dict[tuple[str, TrainingOptions], TrainedModel] = {}


def test_transfer_without_popularity(tmp_path: Path) -> None:
    dataset, vectors = shop(tmp_path, "food", "kitchen")
    rows = []
    for target in ("kitchen", "food"):
        split = cold_user_split(dataset, dataset.domain_index(target))
        frozen = _ndcg(by_mean_cosine(vectors, split.test, dataset), split, dataset)
        for name, options in (("whole", WHOLE), ("text only", TEXT_ONLY)):
            model = _learn(split, vectors, options)
            ours = _ndcg(by_cosine(model, split.test), split, dataset)
            ratio = ratio_interval(ours, frozen, rng_from(0, "ratio"))
            scored = _ndcg(model.score(split.test.histories, split.target), split, dataset)
            print(f"{target}: {name} learned", flush=True)
            rows.append(
                (
                    target,
                    name,
                    f"{frozen.mean():.4f}",
                    f"{ours.mean():.4f}",
                    f"{ratio.mean:.1f} ({ratio.low:.1f} to {ratio.high:.1f})",
                    WANTED[name, target],
                    f"{_popularity_in(model, split):.2f}",
                    f"{scored.mean():.4f}",
                )
            )
    print("\ncold users, all items ranked, NDCG@10 by cosine alone, ratio to the frozen encoder's")
    head = (
        "target",
        "model",
        "frozen",
        "ours",
        "ratio",
        "wanted",
        "rank corr. with popularity",
        "with prior",
    )
    print(table(head, rows))


def _learn(split: Split, vectors: Floats, options: TrainingOptions) -> TrainedModel:
    """The model of the best epoch by the validation users; learned once for all tests here."""
    if (split.hash, options) not in LEARNED:
        LEARNED[split.hash, options] = train_interest_model(
            split.train,
            vectors,
            lambda model: mean_user_ndcg(model, (split.validation,)),
            options,
            split.seed,
            Silent(),
        )
    return LEARNED[split.hash, options]


def _ndcg(scores: Floats, split: Split, dataset: Dataset) -> NDArray[np.float64]:
    return ndcg(ranks_of_new(scores, split.test, dataset))


def _popularity_in(model: TrainedModel, split: Split) -> float:
    """Spearman's correlation of the mean cosine of an item to all test users with its popularity."""
    cosine = by_cosine(model, split.test).mean(0)
    counts = np.bincount(split.train.item, minlength=split.train.n_items)
    counts = counts[split.train.domain_items(split.target)]
    a, b = (np.argsort(np.argsort(x)).astype(float) for x in (cosine, counts))
    return float(np.corrcoef(a, b)[0, 1])
