import numpy as np

from recsys_core.interests import nearest as module
from recsys_core.interests.nearest import nearest

AMONG = np.array([[1, 0], [0, 1], [0.5, 0.5], [1, 0]], np.float32)


def test_nearest_first_and_ties_by_row() -> None:
    rows, similarity = nearest(np.array([[1, 0], [0, 2]], np.float32), AMONG, 3)
    assert rows.tolist() == [[0, 3, 2], [1, 2, 0]]
    assert similarity.tolist() == [[1, 1, 0.5], [2, 1, 0]]


def test_all_of_them_can_be_asked_for() -> None:
    assert nearest(AMONG[:1], AMONG, 4)[0].tolist() == [[0, 3, 2, 1]]


def test_blocks_make_no_difference(monkeypatch: object) -> None:
    queries = np.random.default_rng(0).normal(size=(7, 2)).astype(np.float32)
    whole = nearest(queries, AMONG, 2)[0]
    monkeypatch.setattr(module, "_BLOCK_CELLS", 8)  # type: ignore[attr-defined]
    assert np.array_equal(nearest(queries, AMONG, 2)[0], whole)
