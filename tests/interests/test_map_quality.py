import numpy as np

from recsys_core.interests.map_quality import neighbours_kept, trustworthiness


def _flat(n: int = 200) -> np.ndarray:
    return np.random.default_rng(0).normal(size=(n, 2)).astype(np.float32)


def _circle(n: int = 200) -> np.ndarray:
    angle = np.linspace(0, 2 * np.pi, n, endpoint=False)
    return np.stack([np.cos(angle), np.sin(angle)], axis=1).astype(np.float32)


def test_a_picture_of_itself_is_faithful() -> None:
    assert trustworthiness(_circle(), _circle(), np.random.default_rng(0)) > 0.999
    assert neighbours_kept(_circle(), _circle(), np.random.default_rng(0)) > 0.95


def test_a_random_picture_keeps_neighbours_by_chance_only() -> None:
    assert neighbours_kept(_circle(), _flat(), np.random.default_rng(0)) < 0.15
    assert 0.4 < trustworthiness(_circle(), _flat(), np.random.default_rng(0)) < 0.6


def test_one_point_has_nothing_to_lose() -> None:
    assert neighbours_kept(_circle(1), _flat(1), np.random.default_rng(0)) == 1.0
    assert trustworthiness(_circle(1), _flat(1), np.random.default_rng(0)) == 1.0
