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


def test_nobody_to_invert() -> None:
    assert inverse_of(np.zeros((0, 0), np.float32), 1.0).shape == (0, 0)


def test_what_has_no_inverse_is_refused() -> None:
    with pytest.raises(np.linalg.LinAlgError, match="not positive definite, by its first 2 rows"):
        inverse_of(np.array([[1, 2], [2, 1]], np.float32), 0.0)
