"""What every recommender must keep to; a test class inherits it and says how to make one."""

from abc import ABC, abstractmethod

import numpy as np
import pytest

from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommend import recommend
from recsys_core.recommend.recommender import Recommender, Training
from tests.recommend.shop import dataset, row, training, vectors


class RecommenderContract(ABC):
    """``make`` gives an unfitted recommender."""

    @abstractmethod
    def make(self) -> Recommender: ...

    def training(self) -> Training:
        return training()

    @pytest.fixture
    def known(self) -> Training:
        return self.training()

    @pytest.fixture
    def fitted(self, known: Training) -> Recommender:
        return self.make().fit(known, np.random.default_rng(0))

    def profiles(self, known: Training) -> list[Profile]:
        """A known user, one with target history only, picks, typed text, nothing, and text with picks."""
        shop = known.dataset
        typed = known.text_vectors[row(shop, "tea 1")]
        picks = Profile.from_picks([row(shop, "coffee 1"), row(shop, "cup 1")], known.now)
        return [
            Profile.from_history(shop.history(0)),
            Profile.from_picks([row(shop, "cup 1")], known.now),
            picks,
            Profile.from_text("tea", typed),
            Profile.nothing(),
            Profile(picks.history, "tea", typed),
            Profile.from_text("???", np.zeros_like(typed)),
        ]

    def test_scores_every_target_item_finitely(self, fitted: Recommender, known: Training) -> None:
        profiles = self.profiles(known)
        scores = fitted.score(profiles)
        assert scores.shape == (len(profiles), 5)
        assert scores.dtype == np.float32
        assert np.isfinite(scores).all()

    def test_nobody_to_score(self, fitted: Recommender) -> None:
        assert fitted.score([]).shape == (0, 5)

    def test_same_scores_again_and_alone(self, known: Training, fitted: Recommender) -> None:
        profiles = self.profiles(known)
        again = self.make().fit(known, np.random.default_rng(0)).score(profiles)
        np.testing.assert_array_equal(again, fitted.score(profiles))
        alone = np.concatenate([fitted.score([profile]) for profile in profiles])
        np.testing.assert_allclose(alone, again, rtol=1e-4, atol=1e-5)

    def test_lists_are_sorted_unique_short_and_unseen(self, fitted: Recommender, known: Training) -> None:
        for profile in self.profiles(known):
            found = recommend(fitted, known.dataset, known.target, profile, k=4)
            assert (np.diff(found.scores) <= 0).all()
            assert len(set(found.items.tolist())) == len(found)
            assert not set(found.items.tolist()) & set(profile.history.items.tolist())
            n_seen = len(np.intersect1d(profile.history.items, known.items))
            assert len(found) == min(4, 5 - n_seen)

    def test_reasons_are_shares(self, fitted: Recommender, known: Training) -> None:
        for profile in self.profiles(known):
            for reasons in recommend(fitted, known.dataset, known.target, profile).reasons:
                assert all(0 <= reason.share <= 1 for reason in reasons)
                assert sum(reason.share for reason in reasons) <= 1 + 1e-6

    def test_k_above_the_catalogue_gives_the_catalogue(self, fitted: Recommender, known: Training) -> None:
        assert len(recommend(fitted, known.dataset, known.target, Profile.nothing(), k=99)) == 5

    def test_fitting_changes_nothing_given(self, known: Training) -> None:
        unfitted, before = self.make(), known.text_vectors.copy()
        unfitted.fit(known, np.random.default_rng(0))
        np.testing.assert_array_equal(known.text_vectors, before)
        assert unfitted.name == self.make().name

    def test_target_with_three_items_and_no_event(self) -> None:
        log = [("u1", "food", "tea 1", 1), ("u2", "food", "tea 1", 2), ("u2", "food", "tea 2", 3)]
        shop = dataset(log, {"food": ("tea 1", "tea 2"), "kitchen": ("cup 1", "mug 1", "spoon")})
        model = self.training().model
        known = Training(shop, shop.domain_index("kitchen"), vectors(shop), model, 0)
        fitted = self.make().fit(known, np.random.default_rng(0))
        for profile in (Profile.nothing(), Profile.from_history(shop.history(1))):
            found = recommend(fitted, shop, known.target, profile, k=10)
            assert sorted(found.items.tolist()) == known.items.tolist()
            assert np.isfinite(found.scores).all()
