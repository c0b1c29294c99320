import numpy as np

from recsys_core.interests.clusters import Clusters, nested, nested_clusters
from recsys_core.interests.unclear import FEWEST, unclear_items, without

DIM = 16


def _groups(n_groups: int, n_each: int, n_stray: int, rng: np.random.Generator) -> np.ndarray:
    """Items around ``n_groups`` directions, then items in any direction."""
    middles = np.linalg.qr(rng.normal(size=(DIM, DIM)))[0][:n_groups]
    members = np.repeat(middles, n_each, axis=0) + rng.normal(scale=0.1, size=(n_groups * n_each, DIM))
    return np.concatenate([members, rng.normal(size=(n_stray, DIM))]).astype(np.float32)


def _unclear(vectors: np.ndarray, k: int) -> np.ndarray:
    rng = np.random.default_rng(0)
    return unclear_items(vectors, nested_clusters(vectors, (k,), rng), rng)


def test_what_lies_in_a_group_is_clear_and_most_of_what_lies_anywhere_is_not() -> None:
    unclear = _unclear(_groups(6, 60, 40, np.random.default_rng(1)), 6)
    assert unclear[:360].mean() == 0
    assert unclear[360:].mean() > 0.5


def test_without_strays_nothing_is_unclear() -> None:
    assert not _unclear(_groups(6, 60, 0, np.random.default_rng(2)), 6).any()


def test_no_interest_loses_all_its_items_where_there_are_no_groups_at_all() -> None:
    vectors = np.random.default_rng(3).normal(size=(400, DIM)).astype(np.float32)
    clusters = nested_clusters(vectors, (5, 20), np.random.default_rng(0))
    unclear = unclear_items(vectors, clusters, np.random.default_rng(0))
    assert 0 < unclear.mean() < 0.5
    assert set(clusters.labels[-1][~unclear]) == set(range(20))


def test_a_small_catalogue_is_taken_as_it_is() -> None:
    assert not _unclear(np.random.default_rng(4).normal(size=(FEWEST - 1, DIM)).astype(np.float32), 8).any()


def test_what_is_left_out_has_no_label_and_the_rest_is_ranked_anew() -> None:
    clusters = nested([np.array([0, 0, 0, 0, 1, 1, 1]), np.array([0, 0, 1, 1, 2, 2, 2])])
    left = without(clusters, np.array([1, 1, 1, 0, 0, 0, 0], bool))
    assert isinstance(left, Clusters)
    assert left.labels.tolist() == [[-1, -1, -1, 1, 0, 0, 0], [-1, -1, -1, 1, 0, 0, 0]]
    assert left.parents[1].tolist() == [0, 1]
