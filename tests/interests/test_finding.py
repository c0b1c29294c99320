import numpy as np
import pandas as pd
import pytest

from recsys_core.catalogue.dataset import Dataset
from recsys_core.errors import NotEnoughDataError
from recsys_core.interests.finding import find_interests
from recsys_core.progress import Silent

TITLES = ["Hot tea", "Iced tea", "Tea", "Copper pan", "Iron pan", "", ""]
VECTORS = np.array([[1, 0.1], [1, 0], [1, -0.1], [-1, 0.1], [-1, 0], [0, 0], [0, 0]], np.float32)


def _dataset() -> Dataset:
    ids = list("abcdefg")
    items = pd.DataFrame({"item_id": ids, "domain": "shop", "title": TITLES, "text": TITLES})
    log = pd.DataFrame({"user_id": "u", "item_id": list("aabdf"), "domain": "shop", "weight": 1.0})
    log["timestamp"] = pd.date_range("2024-01-01", periods=5, tz="UTC")
    return Dataset.from_frames("tiny", 1, log, items)


def _level(level: int, levels: tuple[int, ...] = (1, 2)) -> list[list[object]]:
    found = find_interests(_dataset(), VECTORS, levels, np.random.default_rng(0), Silent())
    return found.at_level(level).drop(columns="terms").to_numpy().tolist()


def test_interests_are_numbered_named_counted_and_nested() -> None:
    assert _level(1) == [
        [2, 1, 0, "Tea", 3, 3],
        [3, 1, 0, "Pan", 2, 1],
        [4, 1, 1, "Unclear", 2, 1],
    ]
    assert [row[:3] + row[4:] for row in _level(0)] == [[0, 0, -1, 5, 4], [1, 0, -1, 2, 1]]


def test_every_item_has_an_interest_at_every_level() -> None:
    found = find_interests(_dataset(), VECTORS, (1, 2), np.random.default_rng(0), Silent())
    assert found.levels == (1, 2)
    assert found.item_interest.tolist() == [[0, 0, 0, 0, 0, 1, 1], [2, 2, 2, 3, 3, 4, 4]]
    assert (found.unclear(0), found.unclear(1)) == (1, 4)


def test_centroids_are_the_directions_of_their_items() -> None:
    found = find_interests(_dataset(), VECTORS, (1, 2), np.random.default_rng(0), Silent())
    np.testing.assert_allclose(found.centroids[2], [1, 0], atol=1e-6)
    assert found.centroids[3][0] < -0.99
    assert found.centroids[4].tolist() == [0, 0]


def test_how_stable_each_interest_is_stands_beside_it_and_unclear_has_none() -> None:
    stability = find_interests(_dataset(), VECTORS, (1, 2), np.random.default_rng(0), Silent()).stability
    assert stability is not None
    assert stability.repeats == 20
    assert len(stability.ari) == 2
    assert np.isnan(stability.jaccard).tolist() == [False, True, False, False, True]


def test_where_all_items_have_vectors_nothing_is_unclear() -> None:
    vectors = np.where(VECTORS == 0, 0.5, VECTORS).astype(np.float32)
    found = find_interests(_dataset(), vectors, (2,), np.random.default_rng(0), Silent())
    assert "Unclear" not in found.table["name"].tolist()
    assert found.unclear(0) is None


def test_without_any_vector_the_remedy_is_named() -> None:
    with pytest.raises(NotEnoughDataError, match=r"None of the 7 items .* Import the items' titles"):
        find_interests(_dataset(), np.zeros_like(VECTORS), (2,), np.random.default_rng(0), Silent())


def test_what_fits_no_interest_is_unclear_at_every_level_and_has_no_direction() -> None:
    rng = np.random.default_rng(6)
    middles = np.linalg.qr(rng.normal(size=(16, 16)))[0][:6]
    members = np.repeat(middles, 50, axis=0) + rng.normal(scale=0.1, size=(300, 16))
    vectors = np.concatenate([members, rng.normal(size=(20, 16))]).astype(np.float32)
    items = pd.DataFrame({"item_id": [f"i{row}" for row in range(320)], "domain": "shop", "title": "Tea"})
    log = pd.DataFrame({"user_id": ["u"], "item_id": ["i0"], "domain": ["shop"], "weight": [1.0]})
    log["timestamp"] = pd.Timestamp("2024-01-01", tz="UTC")
    dataset = Dataset.from_frames("shop", 1, log, items.assign(text="Tea"))
    found = find_interests(dataset, vectors, (3, 6), np.random.default_rng(0), Silent())
    coarse, fine = found.unclear(0), found.unclear(1)
    assert coarse is not None
    assert fine is not None
    assert found.table["parent"][fine] == coarse
    assert np.array_equal(found.item_interest[0] == coarse, found.item_interest[1] == fine)
    assert found.table["n_items"][fine] == (found.item_interest[1] == fine).sum() > 5
    assert not found.centroids[[coarse, fine]].any()
