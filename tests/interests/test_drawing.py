import numpy as np
import pandas as pd
import pytest

from recsys_core.errors import NotEnoughDataError
from recsys_core.interests.drawing import draw_map, spread_sample
from recsys_core.interests.interests import Interests
from recsys_core.interests.profiles import UserWindows
from recsys_core.interests.projection import InterestMap
from recsys_core.interests.reference import MapReference
from recsys_core.progress import Silent

N_EACH, DIM = 30, 8
TRUTH = np.repeat(np.arange(3), N_EACH)


def _items() -> np.ndarray:
    noise = np.random.default_rng(3).normal(scale=0.05, size=(len(TRUTH), DIM))
    vectors = (np.eye(3, DIM)[TRUTH] + noise).astype(np.float32)
    return np.vstack([vectors, np.zeros((1, DIM), np.float32)])


def _users(offset: float = 0.0) -> UserWindows:
    """Six users in two windows, each facing one of the three groups of items, moved by ``offset``."""
    likes = np.tile(np.arange(3), 4)
    noise = np.random.default_rng(4).normal(scale=0.02, size=(len(likes), DIM))
    vectors = np.eye(3, DIM)[likes] + noise + offset * np.eye(1, DIM)
    return UserWindows(
        user=np.repeat(np.arange(6), 2),
        window=np.tile([0, 1], 6),
        vector=vectors.astype(np.float32),
        n_events=np.arange(1, 13),
        interest=likes[None],
        domain=np.zeros(12, np.int64),
        window_ids=("2024-01", "2024-02"),
    )


def _map(users: UserWindows | None = None) -> InterestMap:
    interests = Interests((3,), pd.DataFrame(), np.append(TRUTH, 3)[None], np.eye(4, DIM, dtype=np.float32))
    return draw_map(_items(), users or _users(), interests, np.random.default_rng(0), Silent())


@pytest.fixture(scope="module")
def drawn() -> InterestMap:
    return _map()


def _nearest_group(drawn: InterestMap, xy: np.ndarray) -> list[int]:
    groups = drawn.items[["x", "y"]].groupby(TRUTH).mean().to_numpy()
    return np.linalg.norm(xy[:, None] - groups, axis=2).argmin(axis=1).tolist()


def test_groups_stay_together_and_users_lie_with_what_they_like(drawn: InterestMap) -> None:
    assert _nearest_group(drawn, drawn.items[["x", "y"]].to_numpy()) == TRUTH.tolist()
    assert _nearest_group(drawn, drawn.users[["x", "y"]].to_numpy()) == drawn.users["interest"].tolist()
    assert drawn.users_near_likes == 1.0
    assert drawn.trustworthiness > 0.85


def test_the_frames_name_items_users_and_windows(drawn: InterestMap) -> None:
    assert drawn.items["item"].tolist() == list(range(90))  # the last item has no vector
    assert drawn.users["window"].tolist() == ["2024-01", "2024-02"] * 6
    assert drawn.users["n_events"].tolist() == list(range(1, 13))
    assert (drawn.n_fitted_items, drawn.n_fitted_users) == (90, 6)


def test_users_who_all_lean_one_way_are_brought_to_what_they_like() -> None:
    assert _map(_users(offset=3.0)).users_near_likes == 1.0


def test_the_same_rng_state_gives_the_same_map(drawn: InterestMap) -> None:
    again = _map()
    pd.testing.assert_frame_equal(again.items, drawn.items)
    pd.testing.assert_frame_equal(again.users, drawn.users)


def test_what_is_placed_later_lands_where_it_would_have_been(drawn: InterestMap) -> None:
    space = drawn.reference.space
    later = drawn.reference.place(space.item_points(_items()[40:42]))
    np.testing.assert_allclose(later, drawn.items[["x", "y"]].to_numpy()[40:42], atol=1e-4)


def test_five_percent_new_items_move_nothing_that_is_there(drawn: InterestMap) -> None:
    space = drawn.reference.space
    fitted = slice(None, None, 2)  # so that half of the old items are placed, as in a large catalogue
    reference = MapReference(space, drawn.reference.points[fitted], drawn.reference.positions[fitted])
    old = _items()[:-1]
    new = old[:: len(old) // 5][:5] + np.float32(0.02)
    before = reference.place(space.item_points(old))

    after = reference.place(space.item_points(np.concatenate([old[:45], new, old[45:]])))

    np.testing.assert_allclose(np.delete(after, slice(45, 50), axis=0), before, atol=1e-5)
    fitted_range = reference.positions.min(axis=0), reference.positions.max(axis=0)
    assert np.all((after >= fitted_range[0] - 1e-5) & (after <= fitted_range[1] + 1e-5))  # nor the frame


def test_what_is_saved_comes_back(drawn: InterestMap) -> None:
    after = InterestMap.from_parts(drawn.parts())
    pd.testing.assert_frame_equal(after.users, drawn.users)
    assert np.array_equal(after.reference.positions, drawn.reference.positions)
    assert np.array_equal(after.reference.space.axes, drawn.reference.space.axes)
    assert after.neighbours_kept == drawn.neighbours_kept
    assert after.user_interest.tolist() == drawn.user_interest.tolist()


def test_a_handful_of_items_and_no_users_is_drawn_too() -> None:
    nobody = UserWindows(
        *(np.empty(0, np.int64),) * 2,
        np.empty((0, 4), np.float32),
        np.empty(0, np.int64),
        np.empty((1, 0), np.int64),
        np.empty(0, np.int64),
        (),
    )
    interests = Interests((1,), pd.DataFrame(), np.zeros((1, 4), np.int64), np.eye(1, 4, dtype=np.float32))
    drawn = draw_map(np.eye(4, dtype=np.float32), nobody, interests, np.random.default_rng(0), Silent())
    assert len(drawn.items) == 4
    assert drawn.items[["x", "y"]].notna().to_numpy().all()
    assert drawn.users.empty


def test_too_few_items_with_vectors_are_refused() -> None:
    with pytest.raises(NotEnoughDataError, match="Only 0 items have a text or a vector"):
        draw_map(
            np.zeros((5, DIM), np.float32),
            _users(),
            Interests((1,), pd.DataFrame(), np.zeros((1, 5), np.int64), np.zeros((1, DIM), np.float32)),
            np.random.default_rng(0),
            Silent(),
        )


def test_a_sample_takes_every_stratum_in_proportion() -> None:
    strata = np.repeat([0, 1, 2], [60, 30, 10])
    taken = spread_sample(strata, 10, np.random.default_rng(0))
    assert np.bincount(strata[taken]).tolist() == [6, 3, 1]
    assert spread_sample(strata, 500, np.random.default_rng(0)).tolist() == list(range(100))
