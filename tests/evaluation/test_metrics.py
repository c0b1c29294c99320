import numpy as np

from recsys_core.evaluation.metrics import hit, metrics_at, mrr, recall, true_ranks
from recsys_core.evaluation.splits import ColdUsers
from recsys_core.recommend.popularity import Popularity
from recsys_core.recommend.profile import Profile
from tests.recommend.shop import row, training

RANKED = [np.array([1, 4, 30]), np.array([3]), np.array([11, 12])]


def test_by_hand() -> None:
    assert recall(RANKED).tolist() == [2 / 3, 1, 0]
    assert hit(RANKED).tolist() == [1, 1, 0]
    assert mrr(RANKED).tolist() == [1, 1 / 3, 0]
    assert mrr(RANKED, k=2).tolist() == [1, 0, 0]


def test_names_carry_k() -> None:
    assert list(metrics_at(RANKED, 5)) == ["ndcg@5", "recall@5", "hit@5", "mrr@5"]


def test_what_is_held_already_does_not_compete() -> None:
    known = training()
    popular = Popularity().fit(known, np.random.default_rng(0))
    spoon = Profile.from_picks([row(known.dataset, "spoon")])
    cold = ColdUsers(
        np.array([0, 1]), known.target, (spoon, Profile.nothing()), (np.array([0]), np.array([0]))
    )
    # cup 1 stands behind the spoon and, tied, behind mug 1.
    assert [r.tolist() for r in true_ranks(popular, cold, known.items)] == [[2], [3]]
