"""Whole-audience scoring on a generated log of shop size; one list, plain and asked for otherwise, among
200,000 items.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recsys_core.catalogue.dataset import Dataset
from recsys_core.evaluation.splits import cold_user_split
from recsys_core.recommend.blend import Blend
from recsys_core.recommend.choosing import prepare_blend
from recsys_core.recommend.features import item_rows, text_rows, unit_sparse
from recsys_core.recommend.item_knn import ItemKnn
from recsys_core.recommend.kernel_ridge import KernelRidge
from recsys_core.recommend.linear_map import LinearMap
from recsys_core.recommend.popularity import RecentPopularity
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommend import recommend, recommend_many
from recsys_core.recommend.recommender import Training
from recsys_core.recommend.rerank import rerank
from recsys_core.recommend.text_match import TextMatch
from recsys_core.recommend.text_ridge import TextRidge
from recsys_core.recommend.what_if import WhatIf

Numbers = NDArray[np.float64]
USERS, ITEMS = 7_000, {"books": 12_000, "films": 16_000}
PEOPLE = 200
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
    members = (RecentPopularity(), ItemKnn(), TextRidge(), KernelRidge(together=0.1))
    rng = np.random.default_rng(0)
    blend = Blend(members, (0.25,) * 4).fit(training, rng)
    match = TextMatch().fit(training, rng)
    with_match = replace(blend, members=(*blend.members, match), weights=(0.2,) * 5)
    people = [Profile.from_history(dataset.history(user)) for user in range(PEOPLE)]
    traits = KernelRidge(tastes=0.15, times=0.15, amount=0.1, together=0.1)
    more = tuple(one.fit(training, rng) for one in (traits, LinearMap(dim=256)))
    with_all = replace(blend, members=(*blend.members[:3], *more, match), weights=(1 / 6,) * 6)
    interest = np.random.default_rng(0).integers(0, 25, dataset.n_items)
    asked = WhatIf(half_life=90.0, diversity=0.5, novelty=0.2, calibration=0.3, domains={0: 0.5})
    calls = {
        "one list": lambda who: recommend(blend, dataset, training.target, who, explain=False),
        "with text-match": lambda who: recommend(with_match, dataset, training.target, who, explain=False),
        "with text-match, traits and the linear map": lambda who: recommend(
            with_all, dataset, training.target, who, explain=False
        ),
        "with reasons": lambda who: recommend(blend, dataset, training.target, who),
        "what if": lambda who: rerank(blend, training, who, asked, 10, interest),
    }
    alone = {f"{one.name} alone": lambda who, one=one: one.score([who]) for one in (*blend.members, *more)}
    for name, call in (alone | calls).items():
        call(people[0])  # what is kept for all lists
        half, most = np.percentile([1000 * _timed(call, who) for who in people], [50, 99])
        print(f"\n{name}: p50 {half:.1f} ms, p99 {most:.1f} ms among {MANY['films']:,} items")
    exact = _Exact.of(blend, training)
    same = sum(exact.gives(recommend(blend, dataset, training.target, who).items, who) for who in people)
    alike = sum(_is_full_search(with_all, training, who) for who in people)
    print(f"\nthe ten of an exact search: {same} of {PEOPLE} people, with all {alike}")
    assert same == alike == PEOPLE


def _is_full_search(blend: Blend, training: Training, who: Profile) -> bool:
    """Whether the list is that of scoring and sorting every item; equals may change places."""
    found = recommend(blend, training.dataset, training.target, who, explain=False)
    scores = blend.score([who])[0]
    scores[np.isin(training.items, who.history.items)] = -np.inf
    best = np.sort(scores)[::-1][: len(found)]
    return bool(np.allclose(scores[np.searchsorted(training.items, found.items)], best, rtol=1e-5))


@dataclass(frozen=True, eq=False)
class _Exact:
    """The members solved for in double precision, every item scored and sorted. ``solved``: (N, N) inverse of
    the kernel ridge's kernel; ``gram``: (dim, dim) of the texts.
    """

    blend: Blend
    training: Training
    solved: Numbers
    gram: Numbers

    @classmethod
    def of(cls, blend: Blend, training: Training) -> "_Exact":
        kernel, text = blend.members[3], blend.members[2]
        held, texts = kernel.known.held.astype(float), kernel.known.text.astype(float)
        by_both = kernel.ids * (held @ held.T).toarray() + (1 - kernel.ids) * texts @ texts.T
        by_both.flat[:: len(by_both) + 1] += kernel.strength
        gram = texts.T @ texts + text.strength * np.eye(texts.shape[1])
        return cls(blend, training, np.linalg.inv(by_both), gram)

    def gives(self, items: np.ndarray, who: Profile) -> bool:  # type: ignore[type-arg]
        """Whether ``items`` stand as high as the first ten of all items; equals may change places."""
        popular, knn, *_ = (member.score([who])[0].astype(float) for member in self.blend.members)
        by_text, by_both = map(self._from, self._says(who))
        parts = (popular, knn, by_text, self._passed_on(by_both))
        scores = sum(w * (s - s.mean()) / s.std() for w, s in zip(self.blend.weights, parts, strict=True))
        scores[np.isin(self.training.items, who.history.items)] = -np.inf
        best = np.sort(scores)[::-1][: len(items)]
        return bool(np.allclose(scores[np.searchsorted(self.training.items, items)], best, rtol=1e-5))

    def _says(self, who: Profile) -> tuple[Numbers, Numbers]:
        kernel = self.blend.members[3]
        known, text = kernel.known, text_rows([who], self.training)[0].astype(float)
        held = unit_sparse(item_rows([who], self.training))
        by_id = (held @ known.held.T).toarray()[0].astype(float)
        by_text = known.text.astype(float) @ text
        by_both = kernel.ids * by_id + (1 - kernel.ids) * by_text
        return known.text @ np.linalg.solve(self.gram, text), self.solved @ by_both

    def _from(self, say: Numbers) -> Numbers:
        return self.blend.members[3].known.taken.T @ say + (1 - say.sum()) * self._mean

    def _passed_on(self, expected: Numbers) -> Numbers:
        return (expected - self._mean) @ self.blend.members[3].onward.astype(float) + self._mean

    @cached_property
    def _mean(self) -> Numbers:
        taken = self.blend.members[3].known.taken
        return np.asarray(taken.sum(0), float) / taken.shape[0]


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
