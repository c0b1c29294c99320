import numpy as np
import pandas as pd

from recsys_core.evaluation.cold_curve import KNOWN, cold_curve, known_and_last, known_scores
from recsys_core.evaluation.splits import cold_user_split
from recsys_core.recommend.item_knn import ItemKnn
from recsys_core.recommend.popularity import Popularity
from recsys_core.recommend.recommender import Training
from tests.recommend.shop import DAY, dataset, rows_of, titles, vectors

SHOP = dataset(rows_of(200))
KITCHEN = SHOP.domain_index("kitchen")
SPLIT = cold_user_split(SHOP, KITCHEN)


def test_first_titles_are_known_and_the_last_is_asked_for() -> None:
    items = SHOP.domain_items(KITCHEN)
    newcomers, one_known = (known_and_last(SPLIT.test, n) for n in (0, 1))
    assert len(newcomers) == len(one_known) == 40
    assert len(known_and_last(SPLIT.test, 2)) == 0  # nobody took a third
    for before, after in zip(newcomers.truth, one_known.truth, strict=True):
        assert titles(SHOP, items[before]) == titles(SHOP, items[after]) == ["spoon"]
    known = one_known.profiles[0].history
    assert known.times.tolist() == sorted(known.times.tolist())
    assert set(known.items) - set(newcomers.profiles[0].history.items) == {
        int(items[t]) for t in SPLIT.test.truth[0] if SHOP.labels[items[t]] != "spoon"
    }


def test_knowing_more_helps_who_learns_from_it() -> None:
    # In the kitchen everyone takes the cups or the mugs, one after the other, whatever they ate before.
    rng, log = np.random.default_rng(0), []
    wares = {0: ("cup 1", "cup 2"), 1: ("mug 1", "mug 2")}
    for person in range(300):
        log.append((f"u{person:03d}", "food", f"tea {1 + person % 2}", 0))
        for day, ware in enumerate(wares[int(rng.integers(2))]):
            log.append((f"u{person:03d}", "kitchen", ware, day + 1))
    shop = dataset(log)
    split = cold_user_split(shop, shop.domain_index("kitchen"))
    training = Training(split.final, split.target, vectors(shop), None, 9 * DAY)
    models = {one.name: one.fit(training, rng) for one in (Popularity(), ItemKnn(shrink=20))}
    of_each = {name: known_scores(one, split.test, training.items) for name, one in models.items()}
    scores = of_each["popularity"].rename(columns={"value": "popularity"})
    scores["item-knn"] = of_each["item-knn"]["value"]
    assert sorted(scores["known"].unique()) == [0, 1]
    found = cold_curve([scores], list(models)).set_index(["known", "model"])
    assert found.loc[(1, "item-knn"), "low"] > found.loc[(0, "item-knn"), "high"]
    assert found.loc[(1, "item-knn"), "mean"] == 1
    assert found.loc[(1, "item-knn"), "low"] > found.loc[(1, "popularity"), "high"]
    assert found["n_users"].tolist() == [60] * 4


def test_few_people_are_left_out() -> None:
    scores = pd.DataFrame({"known": [0] * 12 + [1] * 3, "user": [*range(12), *range(3)], "a": 0.5})
    assert cold_curve([scores], ["a"])["known"].tolist() == [0]
    assert cold_curve([scores.iloc[:0]], ["a"]).empty
    assert KNOWN == (0, 1, 2, 3, 5, 10)
