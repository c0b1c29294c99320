from dataclasses import replace

import numpy as np
import pytest

from recsys_core.errors import NotEnoughDataError
from recsys_core.recommend.kernel_ridge import KernelRidge, most_users
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommend import recommend
from recsys_core.recommend.recommender import Recommender
from recsys_core.recommend.taken_together import taken_together
from tests.recommend.contract import RecommenderContract
from tests.recommend.shop import Taught, row, training


class TestKernelRidge(RecommenderContract):
    def make(self) -> Recommender:
        return KernelRidge()

    @pytest.mark.parametrize("ids", [0.0, 1.0])
    def test_similar_people_speak_by_ids_as_by_text(self, ids: float) -> None:
        known = training()
        fitted = KernelRidge(strength=0.01, ids=ids).fit(known, np.random.default_rng(0))
        tea = Profile.from_picks([row(known.dataset, "tea 1"), row(known.dataset, "tea 2")])
        np.testing.assert_allclose(fitted.score([tea]), [[8 / 15, 7 / 15, 0, 0, 1]], atol=2e-3)

    def test_is_ridge_regression_in_the_dual(self) -> None:
        known = training()
        fitted = KernelRidge(strength=2.0, ids=0.0).fit(known, np.random.default_rng(0))
        assert fitted.known is not None
        text, taken = fitted.known.text, fitted.known.taken.toarray()
        weights = np.linalg.solve(text.T @ text + 2 * np.eye(4), text.T @ (taken - taken.mean(0)))
        person = np.array([[0.6, 0, 0.8, 0]], np.float32)
        expected = person @ weights + taken.mean(0)
        found = fitted.score([Profile.from_text("both", person[0])])
        np.testing.assert_allclose(found, expected, atol=1e-5)

    def test_interests_are_the_share_of_the_model_alone(self) -> None:
        """A model whose vectors are the texts makes of the share of interests what that of text would be."""
        known = training()
        taught = replace(known, model=Taught(known.text_vectors))
        people = self.profiles(known)[:3]  # typed text is no item
        by_text = KernelRidge(ids=0.3).fit(known, np.random.default_rng(0)).score(people)
        by_both = KernelRidge(ids=0.6, interests=0.5).fit(taught, np.random.default_rng(0)).score(people)
        np.testing.assert_allclose(by_both, by_text, atol=1e-6)

    def test_states_are_told_apart_from_item_vectors(self) -> None:
        """A model whose state is the sum of the item vectors makes both shares one."""
        taught = training(model=Taught(np.linspace(0, 1, 27, dtype=np.float32).reshape(9, 3)))
        people = self.profiles(taught)
        by_items, by_both = (
            KernelRidge(interests=one, states=other).fit(taught, np.random.default_rng(0)).score(people)
            for one, other in ((0.5, 0.0), (0.2, 0.3))
        )
        np.testing.assert_allclose(by_both, by_items, atol=1e-5)

    @pytest.mark.parametrize("shares", [{"interests": 0.4}, {"states": 0.4}])
    def test_without_a_model_there_are_no_interests(self, shares: dict[str, float]) -> None:
        with pytest.raises(NotEnoughDataError, match="There is no interest model yet"):
            KernelRidge(**shares).fit(training(), np.random.default_rng(0))  # type: ignore[arg-type]

    def test_what_is_expected_beyond_popularity_goes_on_to_what_is_taken_together(self) -> None:
        known, rng = training(), np.random.default_rng(0)
        tea = [Profile.from_picks([row(known.dataset, "tea 1")])]
        alone, passed = (KernelRidge(together=t).fit(known, rng) for t in (0.0, 0.5))
        assert alone.mean is not None
        beyond = alone.score(tea) - alone.mean
        expected = beyond + 0.5 * beyond @ taken_together(known, rng).toarray() + alone.mean
        np.testing.assert_allclose(passed.score(tea), expected, atol=1e-6)

    def test_items_and_users_say_the_same(self, monkeypatch: pytest.MonkeyPatch) -> None:
        known = training()
        by_items = self.make().fit(known, np.random.default_rng(0))
        monkeypatch.setattr("recsys_core.recommend.kernel_ridge.ITEMS_PER_USER", 0)
        by_users = self.make().fit(known, np.random.default_rng(0))
        people = self.profiles(known)
        np.testing.assert_allclose(by_users.score(people), by_items.score(people), atol=1e-5)
        for who in people:
            one, other = (recommend(r, known.dataset, known.target, who) for r in (by_users, by_items))
            amounts = [[{c.label: c.amount for c in why} for why in r.reasons] for r in (one, other)]
            assert amounts[0] == [pytest.approx(why, abs=1e-5) for why in amounts[1]]

    def test_users_are_capped_by_memory(self, monkeypatch: pytest.MonkeyPatch) -> None:
        class Memory:
            available = 8 * 2 * 100**2

        monkeypatch.setattr("recsys_core.recommend.kernel_ridge.psutil.virtual_memory", Memory)
        assert most_users() == 100
