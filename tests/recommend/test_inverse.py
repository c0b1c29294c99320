import threading
import time

import numpy as np
import pytest

from recsys_core.recommend import inverse
from recsys_core.recommend.inverse import inverse_of


def test_inverse_by_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inverse, "BLOCK", 3)
    rows = np.random.default_rng(0).normal(size=(8, 5)).astype(np.float32)
    gram = rows @ rows.T
    expected = np.linalg.inv(gram.astype(np.float64) + 2 * np.eye(8))
    np.testing.assert_allclose(inverse_of(gram, 2.0), expected, atol=1e-5)


def test_others_can_work_meanwhile() -> None:
    gram, turns, over = np.eye(2_000, dtype=np.float32), [time.perf_counter()], threading.Event()

    def take_turns() -> None:
        while not over.wait(0.002):
            turns.append(time.perf_counter())

    other = threading.Thread(target=take_turns)
    other.start()
    began = time.perf_counter()
    inverse_of(gram, 1.0)
    took = time.perf_counter() - began
    over.set()
    other.join()
    assert np.diff([*turns, time.perf_counter()]).max() < 0.4 * took  # two thirds with scipy's wrappers


def test_nobody_to_invert() -> None:
    assert inverse_of(np.zeros((0, 0), np.float32), 1.0).shape == (0, 0)


def test_what_has_no_inverse_is_refused() -> None:
    with pytest.raises(np.linalg.LinAlgError, match="not positive definite, by its first 2 rows"):
        inverse_of(np.array([[1, 2], [2, 1]], np.float32), 0.0)
