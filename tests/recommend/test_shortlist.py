from dataclasses import replace

import numpy as np
import pytest

from recsys_core.recommend import shortlist as module
from recsys_core.recommend.blend import Blend
from recsys_core.recommend.item_knn import ItemKnn
from recsys_core.recommend.popularity import Popularity
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommend import recommend, top
from recsys_core.recommend.recommender import Training
from recsys_core.recommend.shortlist import shortlist
from recsys_core.recommend.text_match import TextMatch
from tests.recommend.shop import dataset, training

RNG = np.random.default_rng(0)


@pytest.fixture(scope="module")
def many() -> Training:
    """400 kitchen titles with texts at random; 200 people with three events each in either domain."""
    titles = {"food": tuple(f"f{n}" for n in range(50)), "kitchen": tuple(f"k{n}" for n in range(400))}
    rows = [
        (f"u{user}", domain, names[int(RNG.pareto(1.0) * 5) % len(names)], int(RNG.integers(90)))
        for user in range(200)
        for domain, names in titles.items()
        for _ in range(3)
    ]
    shop = dataset(rows, titles)
    vectors = RNG.normal(size=(shop.n_items, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return Training(shop, shop.domain_index("kitchen"), vectors, None, 0)


@pytest.mark.parametrize("weight", [0.02, 0.1, 0.4])
@pytest.mark.parametrize("k", [1, 10])
def test_a_shortlist_is_the_list_of_a_full_search(many: Training, weight: float, k: int) -> None:
    rest = (1 - weight) / 2
    blend = Blend((Popularity(), ItemKnn(), TextMatch()), (rest, rest, weight)).fit(many, RNG)
    used, answered = list(zip(blend.members, blend.weights, strict=True)), 0
    for user in range(50):
        profile = Profile.from_history(many.dataset.history(user))
        excluded = np.flatnonzero(np.isin(many.items, profile.history.items))
        scores = blend.score([profile])[0]
        full = top(scores, excluded, k)
        found = shortlist(used, profile, excluded, k)
        answered += found is not None
        places, values = found or blend.best(profile, excluded, k)
        assert places.tolist() == full.tolist() == blend.best(profile, excluded, k)[0].tolist()
        np.testing.assert_allclose(values, scores[full], atol=1e-4)
    assert answered > 25 or weight > 0.3


def test_the_best_of_a_blend_that_shrinks_are_the_first_of_its_scores(many: Training) -> None:
    blend = Blend((Popularity(), ItemKnn(), TextMatch()), (0.0, 0.9, 0.1), shrink=3.0).fit(many, RNG)
    for user in range(20):
        profile = Profile.from_history(many.dataset.history(user))
        assert blend.best(profile, None, 5)[0].tolist() == top(blend.score([profile])[0], None, 5).tolist()


def test_outline_of_a_text_match(many: Training) -> None:
    match = TextMatch().fit(many, RNG)
    profile = Profile.from_history(many.dataset.history(0))
    scores, outline = match.score([profile])[0], match.outline(profile)
    assert (outline.mean, outline.spread) == pytest.approx((scores.mean(), scores.std()), abs=1e-5)
    assert outline.most == pytest.approx(1)
    np.testing.assert_allclose(match.score_at(profile, np.array([3, 1])), scores[[3, 1]], atol=1e-6)


def test_where_much_could_get_in_all_is_scored(many: Training, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 0.0)
    blend = Blend((Popularity(), TextMatch()), (0.5, 0.5)).fit(many, RNG)
    profile = Profile.from_history(many.dataset.history(0))
    assert shortlist(list(zip(blend.members, blend.weights, strict=True)), profile, None, 5) is None
    found = recommend(blend, many.dataset, many.target, profile, 5, exclude_seen=False, explain=False)
    assert found.items.tolist() == many.items[top(blend.score([profile])[0], None, 5)].tolist()


def test_nothing_left_to_recommend() -> None:
    known = training()
    blend = Blend((Popularity(), TextMatch()), (0.5, 0.5)).fit(known, RNG)
    everything = Profile.from_picks(known.items.tolist(), known.now)
    assert len(recommend(blend, known.dataset, known.target, everything)) == 0
    assert replace(blend, weights=(0.0, 1.0)).best(everything, None, 2)[0].shape == (2,)
