"""Whole-audience scoring on a generated log of shop size; one list, plain and asked for otherwise, among
200,000 items.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from recsys_core.catalogue.dataset import Dataset
from recsys_core.evaluation.splits import cold_user_split
from recsys_core.recommend.blend import Blend
from recsys_core.recommend.choosing import prepare_blend
from recsys_core.recommend.item_knn import ItemKnn
from recsys_core.recommend.kernel_ridge import KernelRidge
from recsys_core.recommend.popularity import RecentPopularity
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommend import recommend, recommend_many
from recsys_core.recommend.recommender import Training
from recsys_core.recommend.rerank import rerank
from recsys_core.recommend.text_ridge import TextRidge
from recsys_core.recommend.what_if import WhatIf

USERS, ITEMS = 7_000, {"books": 12_000, "films": 16_000}
PEOPLE = 50
MANY = {"books": 12_000, "films": 200_000}


def test_all_users_in_ten_seconds() -> None:
    dataset, vectors = _shop()
    split = cold_user_split(dataset, dataset.domain_index("films"))
    training = Training(split.train, split.target, vectors, None, int(dataset.time.max()))
    learned = prepare_blend(training, split.validation.answers)
    blend = replace(
        learned, weights=(1 / len(learned.members),) * len(learned.members)
    )  # all of them at work
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


def test_one_list_among_200k_items() -> None:
    """The blend of all that needs no fine-tuned model, weighed alike; lists against a full sort."""
    dataset, vectors = _shop(MANY)
    training = Training(dataset, dataset.domain_index("films"), vectors, None, int(dataset.time.max()))
    members = (RecentPopularity(), ItemKnn(), TextRidge(), KernelRidge())
    blend = Blend(members, (0.25,) * 4).fit(training, np.random.default_rng(0))
    people = [Profile.from_history(dataset.history(user)) for user in range(PEOPLE)]
    interest = np.random.default_rng(0).integers(0, 25, dataset.n_items)
    asked = WhatIf(half_life=90.0, diversity=0.5, novelty=0.2, calibration=0.3, domains={0: 0.5})
    calls = {
        "one list": lambda who: recommend(blend, dataset, training.target, who, explain=False),
        "with reasons": lambda who: recommend(blend, dataset, training.target, who),
        "what if": lambda who: rerank(blend, training, who, asked, 10, interest),
    }
    members_alone = {f"{one.name} alone": lambda who, one=one: one.score([who]) for one in blend.members}
    for name, call in (members_alone | calls).items():
        call(people[0])  # what is kept for all lists
        took = sorted(1000 * _timed(call, who) for who in people)
        print(
            f"\n{name}: p50 {took[PEOPLE // 2]:.1f} ms, worst {took[-1]:.1f} ms among {MANY['films']:,} items"
        )
    for who in people[:20]:
        found = recommend(blend, dataset, training.target, who, explain=False)
        scores = blend.score([who])[0].copy()
        scores[np.isin(training.items, who.history.items)] = -np.inf
        assert found.items.tolist() == training.items[np.argsort(-scores, kind="stable")[:10]].tolist()


def _timed(call: Callable[[Profile], object], who: Profile) -> float:
    began = time.perf_counter()
    call(who)
    return time.perf_counter() - began


def _shop(items_of: Mapping[str, int] = ITEMS) -> tuple[Dataset, np.ndarray]:  # type: ignore[type-arg]
    rng = np.random.default_rng(0)
    frames = []
    for domain, n_items in items_of.items():
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
            for domain, count in items_of.items()
            for n in range(count)
        ],
        columns=["item_id", "domain", "title", "text"],
    )
    dataset = Dataset.from_frames("bench", 1, log.assign(timestamp=times, event="view", weight=1.0), items)
    vectors = rng.normal(size=(dataset.n_items, 384)).astype(np.float32)
    return dataset, vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
