import numpy as np

from recsys_core.recommend.examples import examples
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommend import recommend
from recsys_core.recommend.recommender import Recommender, Training
from recsys_core.recommend.text_ridge import TextRidge
from tests.recommend.contract import RecommenderContract
from tests.recommend.shop import FOOD, KITCHEN, NOW, dataset, row, rows_of, titles, training, vectors


class TestTextRidge(RecommenderContract):
    def make(self) -> Recommender:
        return TextRidge()

    def test_without_strength_it_predicts_the_fraction_who_took_each(self) -> None:
        known = training()
        fitted = TextRidge(strength=1e-4).fit(known, np.random.default_rng(0))
        tea = Profile.from_text("tea", np.array([1, 0, 0, 0], np.float32))
        # 15 tea people: 8 took cup 1, 7 took cup 2, all took the spoon.
        np.testing.assert_allclose(fitted.score([tea]), [[8 / 15, 7 / 15, 0, 0, 1]], atol=1e-3)

    def test_nothing_known_gives_the_fraction_of_all(self) -> None:
        fitted = TextRidge().fit(training(), np.random.default_rng(0))
        np.testing.assert_allclose(
            fitted.score([Profile.nothing()]), [[8 / 30, 7 / 30, 8 / 30, 7 / 30, 1]], atol=1e-6
        )

    def test_one_domain_learns_from_older_to_newer(self) -> None:
        log = [
            (f"u{n}", "kitchen", item, day) for n in range(30) for day, item in enumerate(("cup 1", "cup 2"))
        ]
        known = training(log)
        fitted = TextRidge(strength=0.1).fit(known, np.random.default_rng(0))
        best = int(fitted.score([Profile.from_picks([int(known.items[0])])]).argmax())
        assert titles(known.dataset, known.items[[best]]) == ["cup 2"]

    def test_fewer_users_than_items_speak_for_them(self) -> None:
        many = {"food": FOOD, "kitchen": (*KITCHEN, *(f"mug {n}" for n in range(3, 40)))}
        shop = dataset(rows_of(), many)
        known = Training(shop, shop.domain_index("kitchen"), vectors(shop), None, NOW)
        fitted = TextRidge(strength=2.0).fit(known, np.random.default_rng(0))
        learned = examples(known, 99, np.random.default_rng(0))
        text, taken = learned.text, learned.taken.toarray()
        weights = np.linalg.solve(text.T @ text + 2 * np.eye(4), text.T @ (taken - taken.mean(0)))
        tea = Profile.from_picks([row(shop, "tea 1")], known.now)
        expected = np.array([[1, 0, 0, 0]]) @ weights + taken.mean(0)
        np.testing.assert_allclose(fitted.score([tea]), expected, atol=1e-6)
        found = recommend(fitted, shop, known.target, tea)
        sums = [sum(reason.amount for reason in why) for why in found.reasons]
        np.testing.assert_allclose(sums, found.scores, atol=1e-6)
