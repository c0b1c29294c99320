import numpy as np
import pytest

from recsys_core.errors import InputError
from recsys_core.recommend.answers import Answers
from recsys_core.recommend.choosing import choose, prepare_blend
from recsys_core.recommend.item_knn import ItemKnn
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.registry import DEFAULTS, NAMES, check_names, members, needs_model, variants
from tests.recommend.shop import NOW, row, training


def test_validation_picks_the_half_life() -> None:
    log = [(f"old{n}", "kitchen", "cup 1", 0) for n in range(9)]
    log += [(f"new{n}", "kitchen", "spoon", 100) for n in range(2)]
    known = training(log)
    assert known.now == NOW
    lately = choose("recent-popularity", known, Answers((Profile.nothing(),), (np.array([4]),)))
    assert lately.choices == "half_life=30"
    assert lately.quality == 1
    once = choose("recent-popularity", known, Answers((Profile.nothing(),), (np.array([0]),)))
    assert once.choices == "half_life=90"


def test_the_house_is_prepared() -> None:
    known = training()
    tea = Profile.from_picks([row(known.dataset, "tea 1")])
    coffee = Profile.from_picks([row(known.dataset, "coffee 1")])
    answers = Answers((tea, coffee) * 10, (np.array([1]), np.array([3])) * 10)
    blend = prepare_blend(known, answers, known)
    assert [member.name for member in blend.members] == list(members(with_model=False))
    assert sum(blend.weights) == pytest.approx(1)
    assert not blend.is_popularity
    best = blend.score([tea, coffee]).argsort(1)[:, -3:]
    assert [set(three) for three in best.tolist()] == [{0, 1, 4}, {2, 3, 4}]


def test_the_house_goes_on_without_what_does_not_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ItemKnn, "bytes_needed", lambda *_: 10**18)
    known = training()
    tea = Profile.from_picks([row(known.dataset, "tea 1")])
    blend = prepare_blend(known, Answers((tea,) * 10, (np.array([1]),) * 10))
    assert [m.name for m in blend.members] == [
        name for name in members(with_model=False) if name != "item-knn"
    ]


def test_names() -> None:
    assert set(NAMES) >= {"popularity", "recent-popularity", "item-knn", "text-ridge", "kernel-ridge"}
    assert set(NAMES) - set(DEFAULTS) == {"id-kernel", "ease", "two-tower", "gru4rec", "sasrec"}
    assert check_names(["blend", "popularity", "blend"]) == ("blend", "popularity")
    assert needs_model(["blend"])
    assert needs_model(["interest-kernel"])
    assert not needs_model(["item-knn"])
    assert all(variant.name == name for name in NAMES if name != "blend" for variant in variants(name))


def test_with_a_model_kernel_ridge_goes_by_its_vectors() -> None:
    gone, new = (set(members(one)) - set(members(other)) for one, other in ((False, True), (True, False)))
    assert (gone, new) == ({"kernel-ridge"}, {"interest-kernel", "interest-model"})


def test_unknown_name_is_a_plain_sentence() -> None:
    with pytest.raises(InputError, match=r"There is no recommender 'nope'\. Choose from: recent-popularity"):
        check_names(["popularity", "nope"])


def test_what_is_fitted_anew_need_not_be_held_meanwhile() -> None:
    known = training()
    tea = Profile.from_picks([row(known.dataset, "tea 1")])
    blend = prepare_blend(known, Answers((tea,) * 10, (np.array([1]),) * 10))
    bare = blend.unlearned()
    assert not any(
        isinstance(value, np.ndarray) for member in bare.members for value in vars(member).values()
    )
    again = (each.fit(known, np.random.default_rng(0)).score([tea]) for each in (blend, bare))
    np.testing.assert_array_equal(*again)
