"""The parts of a score add up to it; where it is not a sum they keep leave-one-out's order."""

from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recsys_core.recommend.blend import Blend
from recsys_core.recommend.contributions import Additive, contributions_of, left_out, newest_items
from recsys_core.recommend.item_knn import ItemKnn
from recsys_core.recommend.kernel_ridge import KernelRidge
from recsys_core.recommend.linear_map import LinearMap
from recsys_core.recommend.popularity import Popularity, RecentPopularity
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommender import Recommender
from recsys_core.recommend.text_match import TextMatch
from recsys_core.recommend.text_ridge import TextRidge
from tests.recommend.shop import Taught, training

KNOWN = training(model=Taught(np.eye(9, 5, dtype=np.float32)))
MIXED = Blend((Popularity(), ItemKnn(), TextRidge(), KernelRidge(), TextMatch()), (0.2, 0.3, 0.2, 0.2, 0.1))
LINEAR = [
    one.fit(KNOWN, np.random.default_rng(0))
    for one in (
        Popularity(), RecentPopularity(), ItemKnn(), TextRidge(), KernelRidge(ids=0.3), LinearMap(dim=3),
        KernelRidge(together=0.5, name="kernel-ridge, passed on"), TextMatch(), MIXED,
        KernelRidge(interests=0.2, states=0.2, together=0.1, name="interest-kernel")
    )
]  # fmt: skip
PLACES = np.arange(5)


@dataclass(frozen=True)
class Best:
    """``worth``: (I, T). Score of target item j: the best of w(i, j) over the history, plus 1: no sum."""

    worth: np.ndarray = field(repr=False)  # type: ignore[type-arg]
    name: str = "best"

    def score(self, profiles: list[Profile]) -> np.ndarray:  # type: ignore[type-arg]
        rows = [self.worth[p.history.items].max(0, initial=0) + 1 for p in profiles]
        return np.array(rows, np.float32)


@st.composite
def profiles(draw: st.DrawFn) -> Profile:
    """Any history of the shop's items, repeated ones too, weighed or not, with or without typed text."""
    items = draw(st.lists(st.integers(0, KNOWN.dataset.n_items - 1), max_size=8))
    profile = Profile.from_picks(items, KNOWN.now)
    if items and draw(st.booleans()):
        factors = draw(st.lists(st.floats(0, 2), min_size=len(items), max_size=len(items)))
        profile = profile.weighed(np.round(np.array(factors, np.float32), 2))
    if draw(st.booleans()):
        vector = KNOWN.text_vectors[draw(st.integers(0, KNOWN.dataset.n_items - 1))]
        profile = Profile(profile.history, "typed", vector, profile.emphasis)
    return profile


@pytest.mark.parametrize("model", LINEAR, ids=lambda model: model.name)
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(profile=profiles())
def test_the_parts_of_a_linear_score_add_up_to_it(model: Recommender, profile: Profile) -> None:
    assert isinstance(model, Additive)
    items, _ = profile.distinct()
    parts = contributions_of(model, profile, items, PLACES)
    score = model.score([profile])[0]
    np.testing.assert_allclose(parts.at.sum(0), score, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(parts.full, score, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(parts.mean.sum(), score.mean(), rtol=1e-5, atol=1e-6)


@settings(deadline=None, max_examples=60)
@given(profile=profiles(), seed=st.integers(0, 99))
def test_parts_of_another_score_keep_the_order_of_leaving_out(profile: Profile, seed: int) -> None:
    model = Best(np.random.default_rng(seed).normal(size=(KNOWN.dataset.n_items, 5)).astype(np.float32))
    items, _ = profile.distinct()
    parts = left_out(model, profile, items, PLACES)  # type: ignore[arg-type]
    full = model.score([profile])[0].astype(float)
    np.testing.assert_allclose(parts.at.sum(0), full, atol=1e-6)
    without = [model.score([profile.without_item(item)])[0] for item in items.tolist()]
    for place in PLACES:
        falls = [full[place] - score[place] for score in without]
        order = np.argsort(falls, kind="stable")
        assert (np.diff(parts.at[1:-1, place][order]) >= -1e-6).all()


def test_a_score_that_is_a_sum_is_split_exactly_by_leaving_out() -> None:
    knn = LINEAR[2]
    picks = Profile.from_picks([0, 2, 3])
    items, _ = picks.distinct()
    exact, left = contributions_of(knn, picks, items, PLACES), left_out(knn, picks, items, PLACES)
    np.testing.assert_allclose(left.at, exact.at, atol=1e-6)


def test_newest_first_each_once() -> None:
    assert newest_items(Profile.from_picks([4, 7, 4, 9]), most=2) == [9, 4]
