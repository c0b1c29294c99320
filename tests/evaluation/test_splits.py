from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recsys_core.errors import NotEnoughDataError
from recsys_core.evaluation.splits import (
    ColdUsers,
    Holdout,
    Split,
    cold_item_split,
    cold_user_split,
    leave_one_out_split,
    next_item_split,
    overlap_users,
    validation_holdout,
)
from tests.recommend.shop import DAY, dataset, rows_of, titles

SHOP = dataset(rows_of(40))
KITCHEN = SHOP.domain_index("kitchen")


def _truth_titles(cold: ColdUsers, person: int) -> list[str]:
    return titles(SHOP, SHOP.domain_items(cold.target)[cold.truth[person]])


class TestColdUser:
    split = cold_user_split(SHOP, KITCHEN)

    def test_sizes_and_no_user_twice(self) -> None:
        assert (len(self.split.test), len(self.split.validation)) == (8, 4)
        assert not set(self.split.test.users) & set(self.split.validation.users)

    def test_all_target_events_are_lost_and_nothing_else(self) -> None:
        cold = np.union1d(self.split.test.users, self.split.validation.users)
        lost = np.isin(SHOP.user, cold) & (SHOP.event_domain == KITCHEN)
        assert self.split.train.n_events == SHOP.n_events - lost.sum()
        train = self.split.train
        assert not (np.isin(train.user, cold) & (train.event_domain == KITCHEN)).any()
        final = self.split.final
        has_target = np.unique(final.user[final.event_domain == KITCHEN])
        assert np.isin(self.split.validation.users, has_target).all()
        assert not np.isin(self.split.test.users, has_target).any()

    def test_profile_and_truth_of_one(self) -> None:
        cold = self.split.test
        user = int(cold.users[0])
        food = ["tea 1", "tea 2"] if user % 2 == 0 else ["coffee 1", "coffee 2"]
        ware = f"{'cup' if user % 2 == 0 else 'mug'} {1 + (user // 2) % 2}"
        assert titles(SHOP, cold.profiles[0].history.items) == food
        assert _truth_titles(cold, 0) == [ware, "spoon"]

    def test_the_people_are_those_in_both(self) -> None:
        log = [*rows_of(4), ("only food", "food", "tea 1", 1), ("only kitchen", "kitchen", "spoon", 1)]
        shop = dataset(log)
        shared = overlap_users(shop, KITCHEN, [1 - KITCHEN])
        assert shop.user_ids[shared].tolist() == ["u00", "u01", "u02", "u03"]

    def test_the_seed_decides(self) -> None:
        again, other = cold_user_split(SHOP, KITCHEN), cold_user_split(SHOP, KITCHEN, seed=1)
        assert again.hash == self.split.hash
        assert again.test.users.tolist() == self.split.test.users.tolist()
        assert other.hash != self.split.hash
        assert other.test.users.tolist() != self.split.test.users.tolist()

    def test_events_of_other_domains_are_left_out(self) -> None:
        log = [*rows_of(40), *[(f"u{n:02d}", "toys", "ball", 9) for n in range(40)]]
        shop = dataset(log)
        split = cold_user_split(shop, shop.domain_index("kitchen"), [shop.domain_index("food")])
        assert shop.domain_index("toys") not in set(split.train.event_domain)
        assert len(split.test.profiles[0].history) == 2

    def test_no_shared_users(self) -> None:
        log = [(f"a{n}", "food", "tea 1", 1) for n in range(30)]
        log += [(f"b{n}", "kitchen", "spoon", 1) for n in range(30)]
        with pytest.raises(NotEnoughDataError, match=r"No user is in both 'kitchen' and food\. Import logs"):
            cold_user_split(dataset(log), KITCHEN)

    def test_too_few_shared_users(self) -> None:
        with pytest.raises(
            NotEnoughDataError, match="Only 19 users are in both 'kitchen' and food; the cold"
        ):
            cold_user_split(dataset(rows_of(19)), KITCHEN)

    def test_one_domain_only(self) -> None:
        log = [(f"b{n}", "kitchen", "spoon", 1) for n in range(30)]
        shop = dataset(log, {"kitchen": ("spoon",)})
        with pytest.raises(NotEnoughDataError, match="has no domain beside 'kitchen'"):
            cold_user_split(shop, 0)


def test_newest_items_lose_all_events() -> None:
    log = rows_of(40) + [(f"u{n:02d}", "kitchen", "new", 90) for n in range(5)]
    log += [(f"u{n:02d}", "kitchen", "newer", 95) for n in range(3)]
    shop = dataset(log)
    split = cold_item_split(shop, KITCHEN)
    left = set(titles(shop, np.unique(split.final.item)))
    assert "newer" not in left
    assert "new" in left
    assert "new" not in set(titles(shop, np.unique(split.train.item)))
    assert split.test.users.tolist() == [0, 1, 2]
    assert [titles(shop, shop.domain_items(KITCHEN)[t]) for t in split.test.truth] == [["newer"]] * 3
    assert split.validation.users.tolist() == [0, 1, 2, 3, 4]


def test_next_item_after_one_cut_in_time() -> None:
    wares = ("cup 1", "cup 2", "mug 1", "mug 2", "spoon")
    log = [(f"u{n}", "kitchen", wares[(n + day) % 5], day) for n in range(4) for day in range(10)]
    shop = dataset(log, {"kitchen": wares})
    # Ten days: the last is the test, the one before the validation. Everyone has taken all five by then.
    with pytest.raises(NotEnoughDataError, match="next-item leaves no user to judge by in 'kitchen'"):
        next_item_split(shop, 0)
    split = next_item_split(shop, 0, test=0.7, validation=0.1)
    assert split.final.time.max() < 3 * DAY
    assert split.train.time.max() < 2 * DAY
    assert [len(profile.history) for profile in split.test.profiles] == [3, 3, 3, 3]
    items = shop.domain_items(0)
    assert [titles(shop, items[t]) for t in split.test.truth] == [[wares[(n + 3) % 5]] for n in range(4)]


def test_the_last_event_of_each_is_left_out() -> None:
    wares = ("cup 1", "cup 2", "mug 1", "mug 2")
    log = [("ann", "kitchen", ware, day) for day, ware in enumerate(wares)]
    log += [("bob", "kitchen", ware, day) for day, ware in enumerate(wares[:2])]
    shop = dataset(log, {"kitchen": wares})
    split = leave_one_out_split(shop, 0)
    items = shop.domain_items(0)
    assert [titles(shop, items[t]) for t in split.test.truth] == [["mug 2"]]
    assert [titles(shop, items[t]) for t in split.validation.truth] == [["mug 1"]]
    assert titles(shop, split.test.profiles[0].history.items) == ["cup 1", "cup 2", "mug 1"]
    assert titles(shop, split.validation.profiles[0].history.items) == ["cup 1", "cup 2"]
    assert (split.train.n_events, split.final.n_events) == (2 + 2, 3 + 2)  # bob has too few to be asked


class TestHoldout:
    holdout = validation_holdout(SHOP, seed=3, fraction=0.5)

    def test_each_loses_one_domain_whole(self) -> None:
        users = np.concatenate([cold.users for cold in self.holdout.validation])
        assert len(users) == len(set(users.tolist())) == 20
        for cold in self.holdout.validation:
            assert len(cold) > 0
            for user, profile in zip(cold.users, cold.profiles, strict=True):
                train = self.holdout.train.history(int(user))
                assert train.items.tolist() == profile.history.items.tolist()
                assert cold.target not in set(SHOP.item_domain[train.items])

    def test_by_target(self) -> None:
        cold = self.holdout.for_target(KITCHEN)
        assert cold is not None
        assert cold.target == KITCHEN
        assert self.holdout.for_target(7) is None

    def test_one_domain_loses_last_events(self) -> None:
        log = [
            (f"u{n}", "kitchen", item, day) for n in range(10) for day, item in enumerate(("cup 1", "spoon"))
        ]
        shop = dataset([*log, ("single", "kitchen", "spoon", 1)], {"kitchen": ("cup 1", "spoon")})
        holdout = validation_holdout(shop, seed=0, fraction=0.3)
        (cold,) = holdout.validation
        assert len(cold) == 3
        assert holdout.train.n_events == shop.n_events - 3
        assert [titles(shop, p.history.items) for p in cold.profiles] == [["cup 1"]] * 3
        assert [t.tolist() for t in cold.truth] == [[1]] * 3


@pytest.mark.parametrize("most", [1, 7, 50])
def test_a_long_log_is_split_the_same_way(most: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By pieces of a few events, with what is learned from on disk."""
    more = [(f"u{user:02}", "kitchen", f"plate {user % 3}", 90 + user % 7) for user in range(40)]
    shop = replace(dataset([*rows_of(40), *more]), folder=tmp_path)

    def split() -> list[Split | Holdout]:
        ways = (cold_user_split, cold_item_split, next_item_split, leave_one_out_split)
        return [*(way(shop, KITCHEN) for way in ways), validation_holdout(shop, 0)]

    whole = split()
    shop = replace(shop)  # without what it has worked out
    monkeypatch.setattr("recsys_core.catalogue.dataset.PIECE_EVENTS", most)
    for held, long in zip(whole, split(), strict=True):
        assert isinstance(long.train.item, np.memmap)
        assert not isinstance(held.train.item, np.memmap)
        assert long.hash == held.hash
        for column in ("user", "item", "time", "weight"):
            np.testing.assert_array_equal(getattr(long.train, column), getattr(held.train, column))
            if isinstance(held, Split):
                assert isinstance(long, Split)
                np.testing.assert_array_equal(getattr(long.final, column), getattr(held.final, column))
