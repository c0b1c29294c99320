import numpy as np
import pytest

from recsys_core.interests import directions as module
from recsys_core.interests.directions import directions, principal_axes, unit


@pytest.mark.parametrize("rows", [1, 7, 100])
def test_a_few_rows_at_a_time_give_what_all_at_once_give(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = np.random.default_rng(0).normal(size=(40, 6)).astype(np.float32)
    vectors[3] = 0

    def made() -> list[np.ndarray]:
        axes = principal_axes(vectors, 4)
        return [unit(vectors), axes, directions(vectors, vectors.mean(axis=0), axes)]

    whole = made()
    monkeypatch.setattr(module, "_ROWS", rows)
    for one, other in zip(whole, made(), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)


def test_lengths_are_one_or_nothing() -> None:
    assert unit(np.array([[3, 4], [0, 0]], np.float32)).tolist() == [
        [pytest.approx(0.6), pytest.approx(0.8)],
        [0, 0],
    ]
    assert unit(np.zeros((0, 2), np.float32)).shape == (0, 2)
