import numpy as np
import pytest

from recsys_core.catalogue.coverage import Evidence
from recsys_core.evaluation.returning import movements, returning, share_half_width
from recsys_core.logs.windows import WindowSize
from tests.recommend.shop import dataset

Rows = list[tuple[str, str, str, int]]


def test_who_is_active_in_neighbouring_windows() -> None:
    """User 0 in windows 0, 1, 2; user 1 in 0 and 2; user 2 in 2 and, twice, in 3."""
    user, window = np.array([0, 0, 0, 1, 1, 2, 2, 2]), np.array([0, 1, 2, 0, 2, 2, 3, 3])

    n_users, by_pair = returning(user, window, 4)

    assert (n_users, by_pair.tolist()) == (2, [1, 1, 1])


@pytest.mark.parametrize(("n", "width"), [(0, 1.0), (100, 0.098), (400, 0.049)])
def test_the_width_of_a_share(n: int, width: float) -> None:
    assert share_half_width(n) == pytest.approx(width)


def monthly(people: int, domain: str, item: str) -> Rows:
    return [(f"u{n:03d}", domain, item, month * 31) for n in range(people) for month in range(4)]


def test_the_shortest_windows_that_are_enough_are_named() -> None:
    rows = [*monthly(200, "food", "tea 1"), *[("u000", "kitchen", "spoon", 1)]]
    together, food, kitchen = movements(dataset(rows))

    assert (together.domain, food.domain, kitchen.domain) == ("", "food", "kitchen")
    assert (food.size, food.n_users, food.n_returning, food.n_best) == (WindowSize.MONTH, 200, 200, 200)
    assert (food.n_pairs, food.n_usable, food.evidence) == (3, 3, Evidence.ENOUGH)
    assert (kitchen.n_users, kitchen.n_best, kitchen.half_width) == (1, 0, 1.0)
    assert kitchen.evidence is Evidence.TOO_FEW


def test_half_yearly_visits_need_longer_windows() -> None:
    rows = [(f"u{n:03d}", "food", "tea 1", 200 * visit) for n in range(60) for visit in range(2)]
    [food] = movements(dataset(rows, {"food": ("tea 1",)}))

    assert (food.size, food.n_best, food.n_usable, food.evidence) == (WindowSize.QUARTER, 0, 0, "too few")


def test_some_dozens_are_something() -> None:
    rows = [(f"u{n:03d}", "food", "tea 1", 100 * visit) for n in range(60) for visit in range(2)]
    [food] = movements(dataset(rows, {"food": ("tea 1",)}))

    assert (food.size, food.n_best, food.evidence) == (WindowSize.QUARTER, 60, Evidence.SOME)
