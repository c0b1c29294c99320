import numpy as np

from recsys_core.interests.space import share_near_likes, shared_space

ITEMS = np.array([[1, 0, 0], [1, 0.1, 0], [0, 1, 0], [0.1, 1, 0]], np.float32)
LIKES = np.array([0, 0, 1, 1])


def test_users_whose_nearest_items_are_of_their_interest_are_near() -> None:
    users = np.array([[1, 0, 0], [0, 1, 0]], np.float32)
    items = np.repeat(ITEMS, 10, axis=0)
    interest = np.repeat(LIKES, 10)
    assert share_near_likes(items, interest, users, np.array([0, 1])) == 1.0
    assert share_near_likes(items, interest, users, np.array([0, 0])) == 0.5


def test_a_common_offset_of_the_users_is_taken_off() -> None:
    users = np.array([[4, 0, 0], [3, 1, 0]], np.float32)
    items, interest = np.repeat(ITEMS, 10, axis=0), np.repeat(LIKES, 10)
    space, share = shared_space(items, interest, users, np.array([0, 1]), np.random.default_rng(0))
    assert share == 1.0
    near = space.user_points(users) @ space.item_points(ITEMS).T
    assert near.argmax(axis=1).tolist()[0] in (0, 1)
    assert near.argmax(axis=1).tolist()[1] in (2, 3)


def test_what_is_saved_comes_back() -> None:
    users = np.array([[1, 0, 0], [0, 1, 0]], np.float32)
    space, _ = shared_space(ITEMS, LIKES, users, np.array([0, 1]), np.random.default_rng(0))
    again = type(space).from_arrays(space.arrays())
    assert np.array_equal(again.user_points(users), space.user_points(users))
