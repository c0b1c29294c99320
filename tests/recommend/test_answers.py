import numpy as np
import pytest
from sklearn.metrics import ndcg_score

from recsys_core.recommend.answers import Answers, mean_ndcg, ndcg, ranks
from recsys_core.recommend.profile import Profile


def _ranks(scores: list[float], truth: list[int]) -> list[int]:
    return ranks(np.array([scores], np.float32), [np.array(truth)])[0].tolist()


def test_ranks_without_ties() -> None:
    assert _ranks([0.1, 0.9, 0.5, 0.7], [0, 3]) == [2, 4]


def test_ties_go_against_the_model() -> None:
    assert _ranks([1, 1, 1, 1], [0]) == [4]
    assert _ranks([1, 1, 1, 1], [0, 2]) == [3, 4]
    assert _ranks([2, 1, 1, 0], [1]) == [3]


def test_nan_is_the_lowest() -> None:
    assert _ranks([float("nan"), 1, 2], [0]) == [3]


def test_ndcg_by_hand() -> None:
    found = ndcg([np.array([1, 3]), np.array([11])])
    assert found.tolist() == pytest.approx([(1 + 0.5) / (1 + 1 / np.log2(3)), 0])


def test_ndcg_as_sklearn_has_it() -> None:
    rng = np.random.default_rng(1)
    scores = rng.permuted(np.tile(np.arange(50, dtype=np.float32), (20, 1)), axis=1)
    truth = [np.sort(rng.choice(50, n, replace=False)) for n in rng.integers(1, 20, 20)]
    relevant = np.zeros((20, 50))
    for row, true in enumerate(truth):
        relevant[row, true] = 1
    assert mean_ndcg(scores, truth) == pytest.approx(ndcg_score(relevant, scores, k=10), abs=1e-9)


def test_nobody_to_judge_by() -> None:
    assert mean_ndcg(np.zeros((0, 3), np.float32), []) == 0


def test_some_keeps_order_and_pairs() -> None:
    profiles = tuple(Profile.from_picks([n]) for n in range(10))
    answers = Answers(profiles, tuple(np.array([n]) for n in range(10)))
    few = answers.some(4, np.random.default_rng(0))
    picked = [int(p.history.items[0]) for p in few.profiles]
    assert len(picked) == 4
    assert picked == sorted(picked) == [int(t[0]) for t in few.truth]
    assert answers.some(10, np.random.default_rng(0)) is answers
