import numpy as np

from recsys_core.interests.expected import expected_items

ITEMS = np.array([[2.0, 0.0], [0.0, 2.0]], np.float32)


def test_a_sharp_question_lies_at_its_answer() -> None:
    states = np.array([[50.0, 0.0], [0.0, 50.0]], np.float32)
    np.testing.assert_allclose(expected_items(states, ITEMS), ITEMS, atol=1e-6)


def test_no_question_lies_in_the_middle() -> None:
    assert expected_items(np.zeros((1, 2), np.float32), ITEMS).tolist() == [[1.0, 1.0]]


def test_weights_are_the_softmax_of_the_products() -> None:
    state = np.array([[np.log(3) / 2, 0.0]], np.float32)  # odds 3 to 1 for the first item
    np.testing.assert_allclose(expected_items(state, ITEMS), [[1.5, 0.5]], rtol=1e-6)


def test_many_states_are_read_in_parts() -> None:
    states = np.random.default_rng(0).normal(size=(1_200, 2)).astype(np.float32)
    one_by_one = np.concatenate([expected_items(state[None], ITEMS) for state in states])
    np.testing.assert_allclose(expected_items(states, ITEMS), one_by_one, rtol=1e-5)
