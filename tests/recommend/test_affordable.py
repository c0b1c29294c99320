import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

from recsys_core.errors import ResourceError
from recsys_core.recommend.affordable import check_affordable, common_pairs
from recsys_core.recommend.ease import Ease
from recsys_core.recommend.item_knn import ItemKnn
from recsys_core.recommend.kernel_ridge import KernelRidge
from recsys_core.recommend.linear_map import LinearMap
from recsys_core.recommend.popularity import Popularity, RecentPopularity
from recsys_core.recommend.recommender import Recommender, Training
from recsys_core.recommend.registry import VARIANTS, variants
from recsys_core.recommend.text_ridge import TextRidge
from tests.recommend.shop import dataset, training

FITTED = (Popularity(), RecentPopularity(), ItemKnn(), TextRidge(), KernelRidge(), Ease(), LinearMap())


@pytest.fixture(scope="module")
def busy() -> Training:
    """600 users with 20 events each among 400 items, half of them in either domain."""
    rng = np.random.default_rng(0)
    titles = {"food": tuple(f"f{n}" for n in range(200)), "kitchen": tuple(f"k{n}" for n in range(200))}
    rows = [
        (f"u{user:03d}", domain, titles[domain][rng.integers(200)], int(rng.integers(90)))
        for user in range(600)
        for domain in ("food", "kitchen") * 10
    ]
    shop = dataset(rows, titles)
    vectors = rng.normal(size=(shop.n_items, 64)).astype(np.float32)
    return Training(shop, shop.domain_index("kitchen"), vectors)


@pytest.mark.parametrize("recommender", FITTED, ids=lambda one: one.name)
def test_need_is_above_what_a_fit_takes_but_not_far(recommender: Recommender, busy: Training) -> None:
    recommender.fit(busy, np.random.default_rng(0))
    unread = replace(busy, dataset=replace(busy.dataset))  # nothing counted yet
    tracemalloc.start()
    recommender.fit(unread, np.random.default_rng(0))
    taken = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert taken <= recommender.bytes_needed(busy) <= 8 * taken


def test_pairs_with_a_user_in_common() -> None:
    rows = [("a", "food", "tea 1", 1), ("a", "food", "tea 2", 1), ("a", "kitchen", "cup 1", 1)]
    assert common_pairs(training(rows)) == 3
    assert common_pairs(training()) == 9 * 5


def test_refusal_names_the_need_what_is_free_and_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    class Memory:
        available = 100

    known = training()
    check_affordable(ItemKnn(), known)
    monkeypatch.setattr("recsys_core.needs.psutil.virtual_memory", Memory)
    with pytest.raises(
        ResourceError, match=r"item-knn would take about .* GB is free\. Free some, use a larger"
    ):
        check_affordable(ItemKnn(), known)


def test_refusal_tells_the_minutes_and_how_to_allow_more(monkeypatch: pytest.MonkeyPatch) -> None:
    known = training()
    monkeypatch.setenv("DRIFTMAP_FIT_MINUTES", "1")
    check_affordable(KernelRidge(), known)
    monkeypatch.setattr(KernelRidge, "multiplications", lambda *_: 1e15)
    with pytest.raises(ResourceError, match=r"kernel-ridge would take about [\d,]+ minutes .* at most 1 are"):
        check_affordable(KernelRidge(), known)


@pytest.mark.parametrize("name", [name for name in VARIANTS if name not in ("interest-model", "text-match")])
def test_more_to_learn_from_takes_longer(name: str, busy: Training) -> None:
    few, many = (variants(name)[0].multiplications(known) for known in (training(), busy))
    assert 0 < few < many
