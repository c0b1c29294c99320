import numpy as np
import pytest
from scipy.sparse import csr_array

from recsys_core.recommend.examples import examples, user_items
from recsys_core.recommend.factors import factors, factors_known, some_users
from tests.recommend.shop import row, training


def test_they_are_orthonormal_and_no_more_than_there_can_be() -> None:
    known = training()
    found = factors(user_items(known), 99, np.random.default_rng(0))
    assert found.shape == (9, 9)
    np.testing.assert_allclose(found.T @ found, np.eye(9), atol=1e-5)


def test_those_of_the_target_are_left_out_where_people_are_known_elsewhere() -> None:
    known, rng = training(), np.random.default_rng(0)
    found = factors_known(examples(known, 99, rng), known, 2, rng)
    tea, other, coffee = (row(known.dataset, title) for title in ("tea 1", "tea 2", "coffee 1"))
    assert not found[known.items].any()
    np.testing.assert_allclose(found[tea], found[other], atol=1e-5)
    assert abs(found[tea] @ found[coffee]) < 1e-5


def test_people_known_by_the_target_alone() -> None:
    rows = [(f"u{n}", "kitchen", ware, day) for n in range(9) for day, ware in enumerate(("cup 1", "mug 1"))]
    known, rng = training(rows), np.random.default_rng(0)
    found = factors_known(examples(known, 99, rng), known, 2, rng)
    assert found[row(known.dataset, "cup 1")].any()


def test_of_many_users_some_who_took_anything_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = csr_array(np.kron([[1.0], [0.0]], np.eye(6)))  # of twelve users six took nothing
    monkeypatch.setattr("recsys_core.recommend.factors.MOST_USERS", 4)
    drawn = some_users(taken, np.random.default_rng(0)).toarray()
    assert drawn.sum(axis=1).tolist() == [1] * 4
    assert drawn.sum(axis=0).max() == 1
    assert (some_users(taken[:4], np.random.default_rng(0)) != taken[:4]).nnz == 0
