import numpy as np

from recsys_core.evaluation.judging import judge
from recsys_core.evaluation.splits import ColdUsers
from recsys_core.recommend.popularity import Popularity
from recsys_core.recommend.profile import Profile
from tests.recommend.shop import row, training


def test_what_is_held_already_does_not_compete() -> None:
    known = training()
    popular = Popularity().fit(known, np.random.default_rng(0))
    spoon = Profile.from_picks([row(known.dataset, "spoon")])
    cold = ColdUsers(
        np.array([0, 1]), known.target, (spoon, Profile.nothing()), (np.array([0]), np.array([0]))
    )
    found = judge(popular, cold, known.items, k=5)
    # cup 1 stands behind the spoon and, tied, behind mug 1.
    assert [r.tolist() for r in found.ranks] == [[2], [3]]
    assert found.n_candidates.tolist() == [4, 5]
    assert found.lists.tolist() == [[0, 2, 1, 3, -1], [4, 0, 2, 1, 3]]
    assert found.ms_per_user > 0


def test_a_list_has_k_titles() -> None:
    known = training()
    popular = Popularity().fit(known, np.random.default_rng(0))
    cold = ColdUsers(np.array([0]), known.target, (Profile.nothing(),), (np.array([3]),))
    assert judge(popular, cold, known.items, k=2).lists.tolist() == [[4, 0]]
