import numpy as np
import pytest
from scipy.stats import entropy
from sklearn.metrics.pairwise import cosine_similarity

from recsys_core.evaluation.lists import (
    ItemFacts,
    coverage,
    diversity,
    exposure,
    gini,
    list_measures,
    mean_of,
    miscalibration,
)
from recsys_core.recommend.profile import Profile
from tests.recommend.shop import dataset, row, rows_of, vectors

SHOP = dataset(rows_of(30))
KITCHEN = SHOP.domain_index("kitchen")


def test_facts_of_the_kitchen() -> None:
    facts = ItemFacts.of(SHOP, KITCHEN, vectors(SHOP))
    assert facts.popularity == pytest.approx(np.array([9, 8, 9, 8, 31]) / 31)
    assert facts.novelty == pytest.approx(-np.log2(np.array([9, 8, 9, 8, 31]) / 31), rel=1e-6)
    assert list(list_measures(np.array([[0, 1]]), facts, [Profile.nothing()])) == [
        *("novelty@2", "diversity@2", "popularity@2")
    ]


def test_the_mean_leaves_out_places_that_are_empty() -> None:
    assert mean_of(np.array([[0, 2], [1, -1], [-1, -1]]), np.array([1.0, 2, 4])).tolist() == [2.5, 2, 0]


def test_diversity_as_scikit_learn_counts() -> None:
    rng = np.random.default_rng(0)
    unit = rng.normal(size=(40, 8))
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    lists = np.stack([rng.choice(40, 10, replace=False) for _ in range(20)])
    pairs = np.triu_indices(10, 1)
    theirs = [1 - cosine_similarity(unit[items])[pairs].mean() for items in lists]
    assert diversity(lists, unit) == pytest.approx(theirs, abs=1e-9)
    assert diversity(np.array([[3, -1]]), unit).tolist() == [0]


def test_calibration_as_scipy_counts() -> None:
    tea, coffee = row(SHOP, "tea 1"), row(SHOP, "coffee 1")
    interest = np.array(
        [{"tea": 0, "cup": 0, "coffee": 1, "mug": 1}.get(t.split()[0], 2) for t in SHOP.items["title"]]
    )
    rows = SHOP.domain_items(KITCHEN)
    profiles = [Profile.from_picks([tea, coffee]), Profile.from_picks([tea]), Profile.nothing()]
    # cup and mug for one who likes both; cup and spoon for one who likes tea.
    found = miscalibration(np.array([[0, 2], [0, 4], [0, 4]]), rows, interest, profiles)
    theirs = entropy([1, 0, 0], [0.99 * 0.5 + 0.01, 0, 0.99 * 0.5])
    assert found == pytest.approx([0, theirs, 0], abs=1e-9)


def test_what_all_lists_show() -> None:
    lists = np.array([[0, 1], [0, -1]])
    assert exposure(lists, 4).tolist() == [2, 1, 0, 0]
    assert exposure(lists, 4, np.array([1, 3])).tolist() == [4, 1, 0, 0]
    assert coverage(exposure(lists, 4)) == 0.5


def test_gini_by_pairs() -> None:
    shown = np.random.default_rng(0).integers(0, 9, 50).astype(np.float64)
    pairs = np.abs(shown[:, None] - shown).sum() / (2 * 50 * 49 * shown.mean())
    assert gini(shown) == pytest.approx(pairs, abs=1e-9)
    assert gini(np.array([0.0, 7, 0])) == pytest.approx(1)
    assert gini(np.full(5, 2.0)) == pytest.approx(0)
    assert gini(np.zeros(5)) == 0
