import numpy as np
import pandas as pd
import pytest

from recsys_core.evaluation.exposure import of_all_lists, popularity_lift


def test_twice_as_popular_is_a_lift_of_one() -> None:
    lift = popularity_lift(np.array([0.4, 0.2]), np.array([0.1, 0.2]))
    assert lift.mean == pytest.approx(1)
    assert lift.low == pytest.approx(0)
    assert lift.high == pytest.approx(3)


def test_intervals_hold_the_value_and_narrow_with_people() -> None:
    rng = np.random.default_rng(0)
    widths = []
    for people in (50, 800):
        lists = np.stack([rng.choice(400, 10, replace=False, p=_tail(400)) for _ in range(people)])
        per_user = pd.DataFrame({"user": range(people), "x popularity@10": 0.1, "truth_popularity": 0.1})
        found = of_all_lists("x", per_user, [lists], 400)
        assert list(found) == ["coverage@10", "gini@10", "popularity_lift@10"]
        for name in ("coverage@10", "gini@10"):
            assert found[name].low < found[name].mean < found[name].high
        widths.append(found["gini@10"].high - found["gini@10"].low)
    assert widths[1] < widths[0] / 2


def test_who_is_in_two_splits_is_drawn_as_one() -> None:
    per_user = pd.DataFrame({"user": [7, 7], "x popularity@10": 0.1, "truth_popularity": 0.1})
    lists = [np.array([[0] + [-1] * 9]), np.array([[1] + [-1] * 9])]
    found = of_all_lists("x", per_user, lists, 4)["coverage@10"]
    assert (found.low, found.mean, found.high) == (0.5, 0.5, 0.5)


def _tail(n: int) -> np.ndarray:  # type: ignore[type-arg]
    weight = 1 / np.arange(1, n + 1)
    return np.asarray(weight / weight.sum())
