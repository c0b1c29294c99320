import numpy as np

from recsys_core.recommend.explain import reasons, shares
from recsys_core.recommend.item_knn import ItemKnn
from recsys_core.recommend.profile import Profile
from tests.recommend.shop import row, training


def test_what_speaks_against_has_no_share() -> None:
    assert shares(np.array([1.0, 2.0, -1.0, 5.0])).tolist() == [0.125, 0.25, 0, 0.625]
    assert shares(np.array([-1.0, 0.0])).tolist() == [0, 0]


def test_reasons_name_the_titles_and_their_amounts() -> None:
    known = training()
    model = ItemKnn().fit(known, np.random.default_rng(0))
    picks = Profile.from_picks([row(known.dataset, "tea 1"), row(known.dataset, "coffee 1")])
    cup = np.searchsorted(known.items, row(known.dataset, "cup 1"))
    (why,) = reasons(model, known.dataset, picks, np.array([cup]))
    # 15 people took tea, 8 the cup, all of those the tea; of the coffee people none.
    assert [(r.label, r.share, round(r.amount, 6)) for r in why] == [
        ("tea 1", 1.0, round(8 / (np.sqrt(15 * 8) + 20), 6))
    ]
