import numpy as np
from scipy.sparse import csr_array

from recsys_core.recommend.answers import ndcg, ranks
from recsys_core.recommend.kernel_search import SHARES, TRIED, better_shares, left_out_ndcg

RNG = np.random.default_rng(0)
BEGIN = {"strength": 10.0, "ids": 0.3, "tastes": 0.0, "times": 0.0, "amount": 0.0}


def _alike(groups: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
    """(n, n) 1 for two of the same group."""
    return (groups[:, None] == groups).astype(np.float32)


def _taken(groups: np.ndarray, items: int = 12) -> csr_array:  # type: ignore[type-arg]
    """Everyone takes two of their group's three items."""
    rows = np.zeros((len(groups), items), np.float32)
    for person, group in enumerate(groups):
        rows[person, group * 3 + RNG.choice(3, 2, replace=False)] = 1
    return csr_array(rows)


def test_leaving_one_out_is_learning_without_them() -> None:
    features = RNG.normal(size=(30, 6)).astype(np.float32)
    kernel, taken = features @ features.T, _taken(RNG.integers(4, size=30))
    expected = []
    for person in range(30):
        rest = np.arange(30) != person
        inverse = np.linalg.inv(kernel[np.ix_(rest, rest)] + 2 * np.eye(29))
        others = taken.toarray()[rest]
        scores = kernel[person, rest] @ inverse @ (others - others.mean(0)) + others.mean(0)
        true = [np.flatnonzero(taken.toarray()[person])]
        expected.append(ndcg(ranks(scores[None].astype(np.float32), true))[0])
    np.testing.assert_allclose(left_out_ndcg(kernel.copy(), 2, taken), expected, atol=1e-6)


def test_what_tells_people_apart_gets_the_say() -> None:
    groups, noise = np.arange(200) % 4, RNG.integers(4, size=200)
    kernels = {name: _alike(noise) for name in (*SHARES, "text")} | {"times": _alike(groups)}
    found = better_shares(kernels, _taken(groups), BEGIN)
    assert found["times"] == 0.3
    assert found["amount"] == found["tastes"] == 0


def test_what_gains_nothing_stays_as_it_was() -> None:
    groups = np.arange(40) % 4
    same = {name: _alike(groups) for name in (*SHARES, "text")}
    assert better_shares(same, _taken(groups), BEGIN) == BEGIN
    assert set(TRIED) == set(BEGIN)
