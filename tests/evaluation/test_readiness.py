import time

import numpy as np
import pandas as pd
import pytest

from recsys_core.catalogue.coverage import Evidence
from recsys_core.catalogue.dataset import Dataset
from recsys_core.catalogue.user_ids import UserIds
from recsys_core.evaluation.readiness import Transfer, transfers
from recsys_core.evaluation.readiness import transfer as told
from recsys_core.evaluation.splits import cold_user_split
from tests.recommend.shop import dataset, rows_of


def transfer(source: str, target: str, ndcg: np.ndarray) -> Transfer:
    """A direction into a domain that only the shared users are in."""
    return told(source, target, ndcg, ndcg)


def test_the_interval_comes_from_the_spread_and_the_users_held_out() -> None:
    """Half of 400 users reach 0.2, half 0.4: sd = 0.1 √(400/399), and 80 of them are held out."""
    found = transfer("books", "films", np.repeat([0.2, 0.4], 200))

    spread = 0.1 * np.sqrt(400 / 399)
    assert (found.n_users, found.n_test, found.evidence) == (400, 80, Evidence.ENOUGH)
    assert found.mean == pytest.approx(0.3)
    assert found.half_width == pytest.approx(1.96 * spread / np.sqrt(80))
    assert (found.wanted, found.n_wanted) == (pytest.approx(0.075), 200)


def test_it_says_how_many_users_would_do() -> None:
    """A tenth of 300 users are hit: 1.96 · 0.3005 / √60 = 0.076 where a quarter of 0.1 is wanted."""
    found = transfer("toys", "food", np.repeat([1.0, 0.0], [30, 270]))

    assert found.evidence is Evidence.SOME
    assert found.half_width == pytest.approx(0.0760, abs=1e-4)
    assert found.n_wanted == 2776
    more = transfer("toys", "food", np.repeat([1.0, 0.0], [278, 2502]))
    assert more.evidence is Evidence.ENOUGH


@pytest.mark.parametrize(
    ("ndcg", "evidence"),
    [
        (np.full(49, 0.5), Evidence.TOO_FEW),
        (np.full(199, 0.5), Evidence.SOME),
        (np.full(200, 0.5), Evidence.ENOUGH),
        (np.repeat([1.0, 0.0], [10, 60]), Evidence.TOO_FEW),
    ],
)
def test_few_users_or_an_interval_down_to_nothing_are_too_few(ndcg: np.ndarray, evidence: Evidence) -> None:
    assert transfer("a", "b", ndcg).evidence is evidence


@pytest.mark.parametrize("ndcg", [np.zeros(0), np.full(9, 0.5), np.repeat([0.5, 0.0], [9, 500])])
def test_without_hits_no_width_is_made_up(ndcg: np.ndarray) -> None:
    found = transfer("a", "b", ndcg)

    assert (found.half_width, found.wanted, found.evidence) == (None, None, Evidence.TOO_FEW)


def test_where_few_are_hit_everyone_in_the_target_stands_in() -> None:
    """31 shared users, none hit; of all 1,000 users of food a tenth is: sd = 0.3002, 6 would be held out."""
    found = told("toys", "food", np.zeros(31), np.repeat([1.0, 0.0], [100, 900]))

    assert (found.n_test, found.borrowed, found.evidence) == (6, True, Evidence.TOO_FEW)
    assert found.mean == pytest.approx(0.1)
    assert found.half_width == pytest.approx(1.96 * 0.30015 / np.sqrt(6), abs=1e-4)
    assert found.n_wanted == 2769


def test_what_is_borrowed_is_never_enough() -> None:
    assert told("a", "b", np.zeros(5_000), np.full(9_000, 0.5)).evidence is Evidence.TOO_FEW


def test_under_twenty_shared_users_there_is_no_test_to_have_a_width() -> None:
    found = told("a", "b", np.full(19, 0.5), np.full(19, 0.5))

    assert (found.half_width, found.n_wanted, found.evidence) == (None, 200, Evidence.TOO_FEW)


def test_every_direction_the_weakest_first() -> None:
    rows = [*rows_of(40), *[(f"u{n:02d}", "toys", "ball", 9) for n in range(30)]]
    found = transfers(dataset(rows))

    assert [(one.source, one.target, one.n_users) for one in found] == [
        ("food", "toys", 30),
        ("kitchen", "toys", 30),
        ("toys", "food", 30),
        ("toys", "kitchen", 30),
        ("food", "kitchen", 40),
        ("kitchen", "food", 40),
    ]


def test_the_test_users_are_as_many_as_the_split_holds_out() -> None:
    shop = dataset(rows_of(43))
    [found] = [one for one in transfers(shop) if one.target == "kitchen"]

    assert found.n_test == len(cold_user_split(shop, shop.domain_index("kitchen")).test)


def test_one_domain_has_no_direction() -> None:
    assert transfers(dataset([("ann", "food", "tea 1", 1)], {"food": ("tea 1",)})) == ()


def test_a_hundred_thousand_shared_users_take_under_two_seconds() -> None:
    rng = np.random.default_rng(0)
    user = np.repeat(np.arange(100_000), 10)
    item = rng.zipf(1.3, len(user)) % 5_000 + np.tile([0, 5_000], len(user) // 2)
    domain = np.repeat([0, 1], 5_000)
    items = pd.DataFrame({"item_id": "", "domain": "", "title": "", "text": ""}, index=range(10_000))
    zeros = np.zeros(len(user), np.int64)
    big = Dataset(
        "big",
        1,
        items,
        UserIds.of(np.arange(100_000).astype(str).astype(object)),
        ("books", "films"),
        user,
        item,
        zeros,
        zeros.astype(np.float32),
        domain,
    )
    begin = time.process_time()  # other tests run beside it
    found: tuple[Transfer, ...] = transfers(big)
    assert time.process_time() - begin < 2
    assert [one.n_users for one in found] == [100_000, 100_000]
