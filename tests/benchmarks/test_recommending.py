"""Whole-audience scoring and the time of one cold-start list, on a generated log of shop size."""

import time

import numpy as np
import pandas as pd

from recsys_core.catalogue.dataset import Dataset
from recsys_core.evaluation.splits import cold_user_split
from recsys_core.recommend.choosing import prepare_blend
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommend import recommend, recommend_many
from recsys_core.recommend.recommender import Training

USERS, ITEMS = 7_000, {"books": 12_000, "films": 16_000}


def test_all_users_in_ten_seconds() -> None:
    dataset, vectors = _shop()
    split = cold_user_split(dataset, dataset.domain_index("films"))
    training = Training(split.train, split.target, vectors, None, int(dataset.time.max()))
    blend = prepare_blend(training, split.validation.answers)
    profiles = [Profile.from_history(dataset.history(user)) for user in range(dataset.n_users)]
    began = time.perf_counter()
    lists = recommend_many(blend, dataset, split.target, profiles)
    everyone = time.perf_counter() - began
    began = time.perf_counter()
    recommend(blend, dataset, split.target, profiles[0])
    one = time.perf_counter() - began
    print(
        f"\n{len(lists):,} users x {ITEMS['films']:,} items in {everyone:.1f} s (wanted 10),"
        f" one list with reasons in {one * 1000:.0f} ms"
    )
    assert len(lists) == dataset.n_users


def _shop() -> tuple[Dataset, np.ndarray]:  # type: ignore[type-arg]
    rng = np.random.default_rng(0)
    frames = []
    for domain, n_items in ITEMS.items():
        taste = rng.integers(20, size=USERS)
        user = np.repeat(np.arange(USERS), 12)
        item = (taste[user] * (n_items // 20) + (rng.pareto(1.0, len(user)) * 10).astype(int)) % n_items
        frames.append(
            pd.DataFrame({"user_id": user.astype(str), "item_id": item.astype(str), "domain": domain})
        )
    log = pd.concat(frames, ignore_index=True)
    times = pd.to_datetime(rng.integers(1_600_000_000, 1_700_000_000, len(log)), unit="s", utc=True)
    items = pd.DataFrame(
        [
            (str(n), domain, f"Title {n}", f"Title {n}")
            for domain, count in ITEMS.items()
            for n in range(count)
        ],
        columns=["item_id", "domain", "title", "text"],
    )
    dataset = Dataset.from_frames("bench", 1, log.assign(timestamp=times, event="view", weight=1.0), items)
    vectors = rng.normal(size=(dataset.n_items, 384)).astype(np.float32)
    return dataset, vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
