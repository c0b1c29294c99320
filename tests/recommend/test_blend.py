import numpy as np

from recsys_core.recommend.answers import Answers
from recsys_core.recommend.blend import Blend
from recsys_core.recommend.item_knn import ItemKnn
from recsys_core.recommend.popularity import Popularity
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommend import recommend
from recsys_core.recommend.recommender import Recommender
from recsys_core.recommend.text_ridge import TextRidge
from tests.recommend.contract import RecommenderContract
from tests.recommend.shop import row, rows_of, titles, training

RNG = np.random.default_rng(0)


class TestBlend(RecommenderContract):
    def make(self) -> Recommender:
        return Blend((Popularity(), ItemKnn(), TextRidge()), (0.2, 0.4, 0.4))

    def test_nothing_known_gives_the_popular(self) -> None:
        known = training()
        blend = Blend((TextRidge(), Popularity()), (1.0, 0.0), popularity=1).fit(known, RNG)
        popular = Popularity().fit(known, RNG)
        nothing = [Profile.nothing()]
        assert blend.score(nothing).argsort().tolist() == popular.score(nothing).argsort().tolist()

    def test_typed_words_reach_the_top(self) -> None:
        known = training([*rows_of(), *[(f"v{n}", "kitchen", "mug 1", 5) for n in range(30)]])
        blend = Blend((Popularity(),), (1.0,)).fit(known, RNG)
        cups = Profile.from_text("cups", np.array([0, 1, 0, 0], np.float32))
        found = recommend(blend, known.dataset, known.target, cups, k=2)
        assert titles(known.dataset, found.items) == ["cup 1", "cup 2"]
        assert found.reasons[0][0].label == "your text"

    def test_learns_to_trust_who_is_right(self) -> None:
        known = training()
        members = [member.fit(known, RNG) for member in (Popularity(), TextRidge())]
        tea = Profile.from_picks([row(known.dataset, "tea 1")])
        coffee = Profile.from_picks([row(known.dataset, "coffee 1")])
        answers = Answers((tea, coffee) * 10, (np.array([1]), np.array([3])) * 10)
        blend = Blend.learn(members, answers, 0, RNG)
        assert next(iter(blend.say)) == "text-ridge"
        assert not blend.is_popularity

    def test_trusts_popularity_where_taste_says_nothing(self) -> None:
        known = training()
        members = [member.fit(known, RNG) for member in (Popularity(), TextRidge())]
        tea = Profile.from_picks([row(known.dataset, "tea 1")])
        answers = Answers((tea,) * 20, (np.array([4]), np.array([3])) * 10)
        assert Blend.learn(members, answers, 0, RNG).is_popularity

    def test_nobody_to_learn_from_gives_popularity(self) -> None:
        members = [member.fit(training(), RNG) for member in (ItemKnn(), Popularity())]
        assert Blend.learn(members, Answers((), ()), 1, RNG).weights == (0.0, 1.0)

    def test_popularity_counts_as_so_many_items(self) -> None:
        known = training()
        blend = Blend((Popularity(), TextRidge()), (0.0, 1.0), shrink=1.0).fit(known, RNG)
        half = Blend((Popularity(), TextRidge()), (0.5, 0.5)).fit(known, RNG)
        tea = [Profile.from_picks([row(known.dataset, "tea 1")])]
        np.testing.assert_allclose(blend.score(tea), half.score(tea), rtol=1e-5)
        asked = (tea[0], np.unique(tea[0].history.items), np.arange(5))
        np.testing.assert_allclose(blend.contributions(*asked).at, half.contributions(*asked).at, atol=1e-6)
