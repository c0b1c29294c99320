from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from recsys_core.catalogue.people import People
from recsys_core.evaluation.attribute_groups import NOT_TOLD
from recsys_core.evaluation.own_groups import in_quarters, own_values
from recsys_core.evaluation.slices import labels, largest_gaps, slice_scores
from recsys_core.evaluation.splits import cold_user_split
from tests.recommend.shop import dataset, rows_of

SHOP = dataset(rows_of(40))
KITCHEN = SHOP.domain_index("kitchen")


def told(folder: Path, people: pd.DataFrame) -> People:
    people.to_parquet(folder / "people.parquet")
    return People(folder / "people.parquet")


def test_test_users_are_in_the_groups_of_their_attributes(tmp_path: Path) -> None:
    users = SHOP.user_ids[1:]  # of the first nothing is told
    people = pd.DataFrame(
        {
            "user_id": users,
            "gender": np.where(np.arange(len(users)) % 3, "F", "M"),
            "age": [str(20 + n) for n in range(len(users))],
            "name": users,
        }
    )
    shop = replace(SHOP, people=told(tmp_path, people))
    split = cold_user_split(shop, KITCHEN)
    found = own_values(split.test, split.final)
    assert list(found) == ["own gender", "own age"]
    by_id = people.set_index("user_id")
    for user, row in zip(SHOP.user_ids[split.test.users], found.itertuples(index=False), strict=True):
        if user == SHOP.user_ids[0]:
            assert tuple(row) == (NOT_TOLD, NOT_TOLD)
        else:
            assert row[0] == by_id.loc[user, "gender"]
            low, _, high = row[1].removeprefix("up to ").partition(" to ")
            assert row[1].startswith("up to") or int(low.split()[0]) <= int(by_id.loc[user, "age"])
            assert not high or int(by_id.loc[user, "age"]) <= int(high)


def test_where_nothing_is_told_there_are_no_groups() -> None:
    split = cold_user_split(SHOP, KITCHEN)
    assert own_values(split.test, split.final).shape == (8, 0)


def test_years_and_days_are_cut_too(tmp_path: Path) -> None:
    people = pd.DataFrame(
        {
            "user_id": SHOP.user_ids,
            "born": [str(1960 + n) for n in range(SHOP.n_users)],
            "joined": [f"2020-01-{1 + n % 28:02}" for n in range(SHOP.n_users)],
        }
    )
    shop = replace(SHOP, people=told(tmp_path, people))
    split = cold_user_split(shop, KITCHEN)
    found = own_values(split.test, split.final)
    assert {*found["own born"]} <= {"up to 1969", "1970 to 1979", "1980 to 1989", "1990 and later"}
    assert {*found["own joined"]} <= {
        "up to 2020-01-05",
        "2020-01-06 to 2020-01-10",
        "2020-01-11 to 2020-01-18",
        "2020-01-19 and later",
    }


def groups_of(*values: float) -> list[str]:
    return list(in_quarters(np.array(values, float), lambda number: f"{number:,.10g}"))


def test_quarters_are_named_by_their_bounds() -> None:
    assert groups_of(1, 2, 3, 4) == ["up to 1", "2", "3", "4 and more"]
    assert groups_of(0.5, 1.5, np.nan, 2.5, 3.5) == [
        "up to 0.5",
        "over 0.5 to 1.5",
        NOT_TOLD,
        "over 1.5 to 2.5",
        "over 2.5",
    ]
    assert groups_of(0, 0, 0, 0, 0, 9000) == ["up to 0"] * 5 + ["1 and more"]


@settings(max_examples=50, deadline=None, derandomize=True)
@given(st.lists(st.one_of(st.integers(0, 99).map(float), st.just(np.nan)), min_size=4, max_size=60))
def test_a_larger_number_is_never_in_a_lower_group(values: list[float]) -> None:
    if np.isfinite(values).any():
        groups = groups_of(*values)
        assert len({*groups} - {NOT_TOLD}) <= 4
        pairs = sorted(
            (value, group) for value, group in zip(values, groups, strict=True) if np.isfinite(value)
        )
        ordered = [group for _, group in pairs]
        assert [g for n, g in enumerate(ordered) if n == 0 or g != ordered[n - 1]] == list(
            dict.fromkeys(ordered)
        )
        assert all(
            (group == NOT_TOLD) == np.isnan(value) for value, group in zip(values, groups, strict=True)
        )


def test_a_gap_between_kinds_of_people_is_told_beside_chance_and_small_groups_are_not() -> None:
    country = np.array(["NL"] * 200 + ["BE"] * 200 + ["LU"] * 9 + [NOT_TOLD] * 9)
    people = {"user": range(418), "n_known": 1, "truth_head": 1.0, "truth_interest": -1}
    groups = labels(pd.DataFrame(people | {"own country": country}))["own country"]
    values = pd.DataFrame({"m": (country == "NL") * 0.3 + np.random.default_rng(0).random(418)})
    assert [*slice_scores(values, ["m"], groups, "own country")["group"]] == ["BE", "NL"]
    (gap,) = largest_gaps(values, ["m"], groups, "own country").itertuples()
    assert (gap.highest, gap.lowest, gap.n_groups) == ("NL", "BE", 2)
    assert gap.low < 0.3 < gap.high
    assert gap.gap > gap.by_chance


def test_who_is_not_told_of_is_a_group_where_there_are_ten() -> None:
    country = np.array(["NL"] * 20 + ["BE"] * 20 + [NOT_TOLD] * 10)
    people = {"user": range(50), "n_known": 1, "truth_head": 1.0, "truth_interest": -1}
    groups = labels(pd.DataFrame(people | {"own country": country}))["own country"]
    scores = slice_scores(pd.DataFrame({"m": np.arange(50.0)}), ["m"], groups, "own country")
    assert scores["group"].tolist() == ["BE", "NL", NOT_TOLD]
