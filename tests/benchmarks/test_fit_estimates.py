"""How long each recommender takes to learn from real logs, beside what is estimated before it begins."""

import time
from pathlib import Path

import numpy as np

from recsys_core.evaluation.splits import cold_user_split
from recsys_core.recommend.affordable import seconds_needed
from recsys_core.recommend.recommender import Training
from recsys_core.recommend.registry import VARIANTS
from tests.benchmarks.shop import shop, table

APART = 3  # times as long, or as short


def test_estimates(tmp_path: Path) -> None:
    dataset, vectors = shop(tmp_path, "beauty", "toys")
    split = cold_user_split(dataset, dataset.domain_index("toys"))
    training = Training(split.train, split.target, vectors, None, int(split.train.time.max()))
    rows = []
    for name, variants in VARIANTS.items():
        if not variants[0].multiplications(training):
            continue
        told, began = seconds_needed(variants[0], training), time.perf_counter()
        variants[0].fit(training, np.random.default_rng(0))
        took = time.perf_counter() - began
        rows.append((name, f"{told:.2f}", f"{took:.2f}", f"{told / took:.1f}"))
        print(*rows[-1], flush=True)  # some take minutes
    print(f"\nseconds to fit, beauty -> toys; wanted: within {APART} times, where it takes a second or more")
    print(table(("recommender", "estimated", "taken", "ratio"), rows))
