import numpy as np
import pytest

from recsys_core.recommend.ease import Ease
from recsys_core.recommend.examples import user_items
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommender import Recommender
from tests.recommend.contract import RecommenderContract
from tests.recommend.shop import row, training


class TestEase(RecommenderContract):
    def make(self) -> Recommender:
        return Ease()

    def test_is_the_closed_form_over_items(self) -> None:
        known = training()
        taken = user_items(known).toarray()
        inverse = np.linalg.inv(taken.T @ taken + 5 * np.eye(taken.shape[1]))
        weights = -inverse / np.diag(inverse)
        np.fill_diagonal(weights, 0)
        held = [row(known.dataset, title) for title in ("tea 1", "coffee 2", "spoon")]
        expected = weights[held][:, known.items].sum(0)
        found = Ease(strength=5).fit(known, np.random.default_rng(0)).score([Profile.from_picks(held)])
        np.testing.assert_allclose(found[0], expected, atol=1e-5)

    def test_draws_as_many_users_as_fit(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("recsys_core.recommend.ease.most_users", lambda: 7)
        fitted = Ease().fit(training(), np.random.default_rng(0))
        assert fitted.inverse is not None
        assert fitted.inverse.shape == (7, 7)
