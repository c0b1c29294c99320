import numpy as np

from pages.ui.cold_previews import list_of, preview_of
from recsys_core.recommend.blend import Blend
from recsys_core.recommend.cold_start import ColdStart
from recsys_core.recommend.item_knn import ItemKnn
from recsys_core.recommend.popularity import Popularity
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.what_if import WhatIf
from tests.recommend.shop import row, training

KNOWN = training()


def fitted() -> ColdStart:
    blend = Blend((Popularity(), ItemKnn()), (0.4, 0.6)).fit(KNOWN, np.random.default_rng(0))
    return ColdStart(KNOWN, blend, None)


def person(title: str) -> Profile:
    return Profile.from_picks([row(KNOWN.dataset, title)])


def test_a_list_is_made_once_for_what_is_known_and_asked() -> None:
    cold, plain = fitted(), WhatIf()
    first = preview_of(cold, person("tea 1"), 3, plain, None)
    assert preview_of(cold, person("tea 1"), 3, WhatIf(), None) is first
    others = [
        preview_of(cold, person("tea 2"), 3, plain, None),
        preview_of(cold, person("tea 1"), 2, plain, None),
        preview_of(cold, person("tea 1"), 3, WhatIf(domains={0: 0.5}), None),
        preview_of(cold, person("tea 1"), 3, plain, np.zeros(KNOWN.dataset.n_items, np.int64)),
        preview_of(fitted(), person("tea 1"), 3, plain, None),
    ]
    assert len({id(one) for one in [first, *others]}) == 6


def test_the_list_beside_is_made_once_for_each_recommender() -> None:
    cold = fitted()
    first = list_of(cold, "popularity", person("tea 1"), 3, True)
    assert list_of(cold, "popularity", person("tea 1"), 3, True) is first
    assert list_of(cold, "item-knn", person("tea 1"), 3, True) is not first
