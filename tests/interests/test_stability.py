import numpy as np
import pytest

from recsys_core.errors import CancelledError
from recsys_core.interests.clusters import nested_clusters
from recsys_core.interests.stability import Stability, cluster_stability
from recsys_core.progress import Silent


def _blobs(n_each: int = 20) -> np.ndarray:
    noise = np.random.default_rng(5).normal(scale=0.01, size=(3 * n_each, 4))
    return (np.repeat(np.eye(3, 4), n_each, axis=0) + noise).astype(np.float32)


def _stability(vectors: np.ndarray, *levels: int) -> Stability:
    found = nested_clusters(vectors, levels, np.random.default_rng(0))
    return cluster_stability(vectors, found, np.random.default_rng(1), Silent(), repeats=5)


def test_clear_groups_come_out_every_time() -> None:
    stability = _stability(_blobs(), 3)
    assert (stability.ari.tolist(), stability.low.tolist(), stability.high.tolist()) == ([1], [1], [1])
    assert stability.jaccard.tolist() == [1, 1, 1]
    assert (stability.repeats, stability.n_drawn) == (5, 60)


def test_noise_does_not_come_out_again() -> None:
    noise = np.random.default_rng(2).normal(size=(120, 30)).astype(np.float32)
    stability = _stability(noise, 6)
    assert stability.low[0] <= stability.ari[0] <= stability.high[0] < 0.5
    assert np.all(stability.jaccard < 0.75)


def test_every_level_and_every_cluster_is_judged_by_itself() -> None:
    stability = _stability(_blobs(), 3, 6)  # three groups are there, the six are cut out of noise
    assert stability.ari[0] == 1 > stability.ari[1]
    assert len(stability.jaccard) == 9
    assert np.all(stability.jaccard[:3] == 1)
    assert np.all(stability.jaccard[3:] < 1)


def test_what_is_saved_comes_back() -> None:
    before = _stability(_blobs(), 3, 6)
    after = Stability.from_parts(before.parts())
    assert np.array_equal(after.jaccard, before.jaccard)
    assert np.array_equal(after.low, before.low)
    assert after.repeats == 5


def test_it_can_be_cancelled() -> None:
    class Cancelled(Silent):
        def check_cancelled(self) -> None:
            raise CancelledError("stopped")

    found = nested_clusters(_blobs(), (3,), np.random.default_rng(0))
    with pytest.raises(CancelledError):
        cluster_stability(_blobs(), found, np.random.default_rng(1), Cancelled())
