import numpy as np
import pytest

from recsys_core.catalogue.dataset import Dataset
from recsys_core.evaluation.popular_first import popularity_ndcg
from recsys_core.randomness import rng_from
from recsys_core.recommend.answers import ndcg, ranks
from tests.recommend.shop import dataset


def test_the_most_popular_first_and_ties_against_it() -> None:
    """Tea 1 has two users and stands first; tea 2 and coffee 1 have one and share the third place."""
    shop = dataset(
        [
            ("ann", "food", "tea 1", 1),
            ("ann", "food", "tea 1", 2),
            ("bob", "food", "tea 1", 1),
            ("bob", "food", "tea 2", 2),
            ("cat", "food", "coffee 1", 1),
            ("dan", "kitchen", "spoon", 1),
        ]
    )
    found = popularity_ndcg(shop, shop.domain_index("food"))

    of_bob = (1 + 1 / 2) / (1 + 1 / np.log2(3))
    assert found.tolist() == pytest.approx([1.0, of_bob, 0.5, np.nan], nan_ok=True)


def test_beyond_k_counts_nothing() -> None:
    shop = dataset([("ann", "food", "tea 1", 1), ("bob", "food", "tea 1", 1), ("cat", "food", "tea 2", 1)])

    assert popularity_ndcg(shop, shop.domain_index("food"), k=1).tolist() == [1.0, 1.0, 0.0]


@pytest.fixture(scope="module")
def wide() -> Dataset:
    """400 users take up to 15 of 40 items, the first ones far more often, many of them tied."""
    rng = rng_from(0, "wide")
    titles = tuple(f"i{n:02d}" for n in range(40))
    rows = [
        (f"u{user:03d}", "food", titles[min(39, int(rng.exponential(8)))], day)
        for user in range(400)
        for day in range(int(rng.integers(1, 16)))
    ]
    return dataset(rows, {"food": titles})


def test_it_is_the_metric_of_the_scorecard(wide: Dataset) -> None:
    pairs = np.unique(wide.user * wide.n_items + wide.item)
    counts = np.bincount(pairs % wide.n_items, minlength=wide.n_items).astype(np.float32)
    truth = [np.unique(wide.history(user).items) for user in range(wide.n_users)]
    expected = ndcg(ranks(np.tile(counts, (wide.n_users, 1)), truth))

    assert popularity_ndcg(wide, 0) == pytest.approx(expected, abs=1e-12)
