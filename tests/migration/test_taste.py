from dataclasses import replace

import numpy as np
import pytest

from recsys_core.migration.taste import DIRECTIONS, FOLDS, learn_taste
from recsys_core.progress import Silent


def far(points, a, b):
    return np.linalg.norm(points[a] - points[b])


@pytest.fixture
def two_camps(worlds):
    """100 users who take only tea or only knives, whatever the colour; text tells the colours apart best."""
    rng = np.random.default_rng(0)
    rows = []
    for user in range(100):
        interest = 2 * (user % 2)
        for day in range(1, 9):
            rows.append((f"u{user:03d}", f"2013-01-{day:02d}", interest, int(rng.integers(6))))
    dataset = worlds.dataset(rows)
    number = np.arange(dataset.n_items)
    colour, camp = number % 2, number // worlds.per_interest
    vectors = np.column_stack([colour, 1 - colour, 0.2 * (camp == 0), 0.2 * (camp == 2)])
    return dataset, vectors.astype(np.float32)


def test_what_tells_people_apart_counts_and_what_everybody_mixes_does_not(two_camps):
    dataset, vectors = two_camps
    for points in learn_taste(dataset, vectors, Silent()).views[0]:
        assert far(points, 0, 12) > 5 * far(points, 0, 1)  # another camp, and the other colour
        assert far(vectors, 0, 12) < far(vectors, 0, 1)


def test_items_without_text_are_placed_by_who_takes_them_together(two_camps):
    dataset, vectors = two_camps
    for points in learn_taste(dataset, np.zeros_like(vectors), Silent()).views[0]:
        assert far(points, 0, 12) > 3 * far(points, 0, 5)


def test_nobody_is_laid_out_by_their_own_events(two_camps):
    dataset, vectors = two_camps
    mine = dataset.user % FOLDS == 2
    changed = replace(dataset, item=np.where(mine, 29 - dataset.item, dataset.item))
    before, after = (
        learn_taste(dataset, vectors, Silent()).views[0],
        learn_taste(changed, vectors, Silent()).views[0],
    )
    np.testing.assert_allclose(before[2], after[2], atol=1e-6)
    assert not np.allclose(before[0], after[0], atol=1e-3)


def test_the_order_of_events_plays_no_part(two_camps):
    dataset, vectors = two_camps
    turned = replace(dataset, item=dataset.item.reshape(-1, 8)[:, ::-1].ravel())
    np.testing.assert_allclose(
        learn_taste(dataset, vectors, Silent()).views[0],
        learn_taste(turned, vectors, Silent()).views[0],
        atol=1e-6,
    )


@pytest.mark.parametrize("n_users", [1, 2, 30])
def test_few_users_are_laid_along_the_main_directions(worlds, n_users):
    dataset = worlds.dataset(worlds.random(0, n_users=n_users))
    points = learn_taste(dataset, worlds.vectors(dataset), Silent()).views[0]
    assert np.isfinite(points).all()
    assert points.shape[2] <= 2 * DIRECTIONS
    assert far(points[0], 0, 12) > far(points[0], 0, 1)


def test_of_more_people_than_are_needed_only_some_teach(two_camps, monkeypatch):
    dataset, vectors = two_camps
    monkeypatch.setattr("recsys_core.migration.taste.MOST_USERS", 50)
    some = dataset.select_events(dataset.user // FOLDS % 2 == 0)
    found, alone = (learn_taste(each, vectors, Silent()).views for each in (dataset, some))
    np.testing.assert_array_equal(found[0], alone[0])


def test_items_a_few_at_a_time_lie_where_all_at_once_do(two_camps, monkeypatch):
    whole = learn_taste(*two_camps, Silent()).views
    for name, size in (("PIECE_EVENTS", 50), ("_ITEMS_TOGETHER", 7), ("_COLUMNS_TOGETHER", 3)):
        monkeypatch.setattr(f"recsys_core.migration.taste.{name}", size)
    blocks = learn_taste(*two_camps, Silent()).views
    for one, other in zip(whole, blocks, strict=True):  # axes that tell equally much may be turned
        np.testing.assert_allclose(between(one), between(other), rtol=1e-4, atol=1e-4)


def between(points):
    """(F, I, I) distances."""
    return np.linalg.norm(points[:, :, None] - points[:, None], axis=3)
