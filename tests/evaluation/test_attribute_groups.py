from dataclasses import replace

import numpy as np
import pandas as pd

from recsys_core.evaluation.attribute_groups import (
    attribute_groups,
    attribute_values,
    is_attribute,
)
from recsys_core.evaluation.slices import labels, largest_gaps
from recsys_core.evaluation.splits import cold_user_split
from tests.recommend.shop import dataset, rows_of

PLAIN = dataset(rows_of(40))
COLOURS = {"cup": "white", "mug": "blue", "tea": "green", "coffee": "brown", "spoon": ""}
SHOP = replace(
    PLAIN,
    items=PLAIN.items.assign(
        colour=[COLOURS[title.split()[0]] for title in PLAIN.items["title"]],
        price=np.linspace(1, 9, PLAIN.n_items),
    ),
)
KITCHEN = SHOP.domain_index("kitchen")


def test_each_is_grouped_by_what_they_took_and_what_is_known_of_them() -> None:
    split = cold_user_split(SHOP, KITCHEN)
    found = attribute_values(split.test, split.final)
    assert list(found) == ["took colour", "known colour"]  # a price is no kind
    tea = split.test.users % 2 == 0
    assert found["took colour"].tolist() == np.where(tea, "white", "blue").tolist()  # the spoon has none
    assert found["known colour"].tolist() == np.where(tea, "green", "brown").tolist()


def test_without_attributes_there_is_nothing() -> None:
    split = cold_user_split(PLAIN, KITCHEN)
    assert attribute_values(split.test, split.final).shape == (8, 0)


def test_whose_items_tell_nothing_are_a_group_of_their_own() -> None:
    silent = replace(SHOP, items=SHOP.items.assign(colour=["brown", "black", *[""] * 7]))
    split = cold_user_split(silent, KITCHEN)
    tea = split.test.users % 2 == 0
    found = attribute_values(split.test, split.final)["known colour"]
    assert found.tolist() == np.where(tea, "(not told)", "black").tolist()  # of two, the first by name


def test_small_groups_are_taken_together() -> None:
    values = [f"brand {n:02}" for n in range(13) for _ in range(21 - n)] + ["(not told)"]
    (found,) = attribute_groups(pd.DataFrame({"took brand": values, "n_known": 1})).values()
    assert found.value_counts()["(others)"] == 11 + 10 + 9  # the last three of 13 brands
    assert found.nunique() == 12
    assert found.iloc[-1] == "(not told)"


def test_one_large_group_is_no_comparison() -> None:
    values = ["a"] * 30 + ["b"] * 9 + ["c"] * 9
    assert attribute_groups(pd.DataFrame({"took brand": values})) == {}


def test_a_gap_between_attributes_is_told_beside_chance() -> None:
    brand = np.repeat(["a", "b"], 200)
    per_user = pd.DataFrame(
        {"user": range(400), "n_known": 1, "truth_head": 1.0, "truth_interest": -1, "took brand": brand}
    )
    groups = labels(per_user)["took brand"]
    values = pd.DataFrame({"m": (brand == "a") * 0.2 + np.random.default_rng(0).random(400)})
    (gap,) = largest_gaps(values, ["m"], groups, "took brand").itertuples()
    assert (gap.highest, gap.lowest) == ("a", "b")
    assert gap.gap > gap.by_chance
    assert is_attribute(gap.slice)
    assert not is_attribute("activity")
