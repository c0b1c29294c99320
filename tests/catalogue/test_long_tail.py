import numpy as np
import pytest

from recsys_core.catalogue.dataset import Dataset
from recsys_core.catalogue.long_tail import concentration, gini, long_tail, share_of_top
from tests.recommend.shop import dataset


@pytest.fixture
def shop() -> Dataset:
    """Tea 1 is taken six times, tea 2 twice, coffee 1 and coffee 2 once, and of the kitchen only a spoon."""
    taken = ["tea 1"] * 6 + ["tea 2"] * 2 + ["coffee 1", "coffee 2"]
    rows = [(f"u{n}", "food", item, n) for n, item in enumerate(taken)]
    return dataset([*rows, ("u0", "kitchen", "spoon", 1)])


def test_a_row_per_domain(shop: Dataset) -> None:
    food, kitchen = long_tail(shop).to_dict("records")

    assert (food["domain"], food["n_items"], food["once"], food["never"]) == ("food", 4, 2, 0)
    assert (food["top_1"], food["top_10"], food["top_20"]) == pytest.approx((0.024, 0.24, 0.48))
    assert food["gini"] == pytest.approx(0.4)
    assert (kitchen["n_items"], kitchen["once"], kitchen["never"], kitchen["gini"]) == (1, 1, 4, 0.0)


def test_the_curve_runs_from_none_to_all_and_never_falls(shop: Dataset) -> None:
    food = concentration(shop).query("domain == 'food'").set_index("top")["share"]

    assert (food[0.0], food[0.25], food[0.5], food[1.0]) == pytest.approx((0.0, 0.6, 0.8, 1.0))
    assert (np.diff(food.to_numpy()) >= 0).all()


def test_a_domain_without_events_has_no_row() -> None:
    assert long_tail(dataset([("ann", "food", "tea 1", 1)]))["domain"].tolist() == ["food"]


def test_the_share_of_the_top_takes_items_in_part() -> None:
    assert share_of_top(np.array([1, 3]), (0.25, 0.5, 1.0)).tolist() == [0.375, 0.75, 1.0]


@pytest.mark.parametrize(("events", "value"), [([5, 5, 5], 0.0), ([0, 0, 0, 8], 0.75), ([1, 3], 0.25)])
def test_gini(events: list[int], value: float) -> None:
    assert gini(np.array(events)) == pytest.approx(value)
