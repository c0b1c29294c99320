import numpy as np
import pytest

from recsys_core.interests.clusters import default_levels, nested_clusters, spherical_k_means


def _blobs(n_each: int = 20) -> tuple[np.ndarray, np.ndarray]:
    """Six tight blobs in three pairs: blobs 2j and 2j + 1 lie close together."""
    centres = np.array(
        [[1, 0, 0, 0.3], [1, 0, 0, -0.3], [0, 1, 0, 0.3], [0, 1, 0, -0.3], [0, 0, 1, 0.3], [0, 0, 1, -0.3]]
    )
    truth = np.repeat(np.arange(6), n_each)
    noise = np.random.default_rng(5).normal(scale=0.01, size=(len(truth), 4))
    return (centres[truth] + noise).astype(np.float32), truth


def _same_groups(a: np.ndarray, b: np.ndarray) -> bool:
    return len(np.unique(np.stack([a, b]), axis=1).T) == len(np.unique(a)) == len(np.unique(b))


@pytest.mark.parametrize(
    ("n_items", "levels"),
    [(1, (1,)), (5, (5,)), (700, (8,)), (1_200, (8, 25)), (28_000, (8, 25, 80)), (2_000_000, (8, 25, 80))],
)
def test_default_levels(n_items: int, levels: tuple[int, ...]) -> None:
    assert default_levels(n_items) == levels


def test_default_levels_follow_the_coarsest_asked_for() -> None:
    assert default_levels(28_000, coarsest=5) == (5, 16, 50)


def test_blobs_are_found_and_merged_into_their_pairs() -> None:
    vectors, truth = _blobs()
    clusters = nested_clusters(vectors, (3, 6), np.random.default_rng(0))
    assert _same_groups(clusters.labels[1], truth)
    assert _same_groups(clusters.labels[0], truth // 2)


def test_a_finer_cluster_lies_in_its_parent() -> None:
    vectors, _ = _blobs()
    clusters = nested_clusters(vectors, (2, 4, 6), np.random.default_rng(0))
    assert clusters.parents[0].tolist() == [-1, -1]
    for level in (1, 2):
        above = clusters.parents[level][clusters.labels[level]]
        assert np.array_equal(above, clusters.labels[level - 1])


def test_labels_are_numbered_by_size() -> None:
    vectors = np.repeat(np.eye(3, dtype=np.float32), [2, 5, 3], axis=0)
    labels = spherical_k_means(vectors, 3, np.random.default_rng(0))
    clusters = nested_clusters(vectors, (3,), np.random.default_rng(0))
    assert sorted(np.bincount(labels)) == [2, 3, 5]
    assert clusters.labels[0].tolist() == [2, 2, 0, 0, 0, 0, 0, 1, 1, 1]


def test_the_same_rng_state_gives_the_same_clusters() -> None:
    vectors = np.random.default_rng(1).normal(size=(200, 8)).astype(np.float32)
    first, second = (nested_clusters(vectors, (4, 12), np.random.default_rng(7)).labels for _ in range(2))
    assert np.array_equal(first, second)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_fewer_distinct_vectors_than_clusters(n: int) -> None:
    vectors = np.repeat(np.eye(4, dtype=np.float32)[:n], 3, axis=0)
    clusters = nested_clusters(vectors, (2, 8), np.random.default_rng(0))
    assert [len(np.unique(level)) for level in clusters.labels] == [min(2, n), n]
