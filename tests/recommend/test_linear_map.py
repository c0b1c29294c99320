import numpy as np
import pytest

from recsys_core.recommend.examples import examples
from recsys_core.recommend.features import item_rows, unit_sparse
from recsys_core.recommend.linear_map import LinearMap
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommender import Recommender
from tests.recommend.contract import RecommenderContract
from tests.recommend.shop import row, rows_of, training


class TestLinearMap(RecommenderContract):
    def make(self) -> Recommender:
        return LinearMap()

    def test_with_all_factors_it_is_the_ridge_of_what_was_taken_on_what_was_held(self) -> None:
        known = training()
        past = examples(known, 99, np.random.default_rng(0))
        held, taken = unit_sparse(past.held).toarray(), past.taken.toarray()
        mean = taken.mean(0)
        weights = np.linalg.solve(held.T @ held + 2 * np.eye(held.shape[1]), held.T @ (taken - mean))
        asked = np.zeros(held.shape[1])
        asked[row(known.dataset, "tea 1")] = 1
        found = LinearMap(dim=9, strength=2).fit(known, np.random.default_rng(0))
        scores = found.score([Profile.from_picks([row(known.dataset, "tea 1")])])
        np.testing.assert_allclose(scores[0], asked @ weights + mean, atol=1e-5)

    def test_taste_carries_over(self) -> None:
        known = training()
        fitted = LinearMap(dim=4).fit(known, np.random.default_rng(0))
        tea, coffee = (Profile.from_picks([row(known.dataset, f"{drink} 1")]) for drink in ("tea", "coffee"))
        scores = fitted.score([tea, coffee])
        cup, mug = (np.searchsorted(known.items, row(known.dataset, ware)) for ware in ("cup 1", "mug 1"))
        assert scores[0, cup] > scores[0, mug]
        assert scores[1, mug] > scores[1, cup]

    @pytest.mark.parametrize("n_people", [4, 30])
    def test_few_or_many_users_it_is_the_same(self, n_people: int) -> None:
        """Four users are fewer than the five items of the kitchen, so T is not laid out."""
        known = training(rows_of(n_people))
        fitted = LinearMap(dim=3).fit(known, np.random.default_rng(0))
        assert (fitted.taken is not None) == (n_people == 4)
        profiles = [Profile.from_history(known.dataset.history(user)) for user in range(n_people)]
        rows = unit_sparse(item_rows(profiles, known)) @ fitted.read
        everything = fitted._target(np.arange(5))
        np.testing.assert_allclose(fitted.score(profiles), rows @ everything.T + fitted.mean, atol=1e-6)
        np.testing.assert_allclose(fitted._mean_target, everything.mean(0), atol=1e-6)
        np.testing.assert_allclose(everything.T @ everything, np.eye(everything.shape[1]), atol=1e-4)
