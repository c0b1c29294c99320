import numpy as np

from recsys_core.migration.forecasters import Method
from recsys_core.migration.markov import HABIT, Markov
from tests.migration.people import mixes_of, walkers

MOVES = np.array([[0.1, 0.9, 0.0], [0.0, 0.7, 0.3], [0.5, 0.0, 0.5]])


def test_a_planted_matrix_is_found():
    people = mixes_of(walkers(np.random.default_rng(0), 3000, 5, MOVES))
    found = Markov(people).transition(5, 1e-6)
    assert np.abs(found - MOVES).max() < 0.03
    assert np.allclose(found.sum(axis=1), 1)


def test_shrunk_it_stays():
    people = mixes_of(walkers(np.random.default_rng(0), 300, 5, MOVES))
    assert np.allclose(Markov(people).transition(5, 1e6), np.eye(3), atol=1e-4)


def test_only_moves_that_ended_before_the_cut_are_known():
    people = mixes_of(walkers(np.random.default_rng(0), 400, 6, lambda w: MOVES if w >= 3 else np.eye(3)))
    markov = Markov(people)
    assert np.allclose(markov.transition(4, 0.1), np.eye(3))  # windows 0 to 3: nobody has moved
    assert markov.transition(6, 0.1)[0, 1] > 0.2
    assert np.array_equal(markov.transition(0, 0.1), np.eye(3))
    first = people.select(people.window < 4)
    assert np.array_equal(markov.transition(4, 0.1), Markov(first).transition(4, 0.1))


def test_the_expected_mix_is_the_last_one_moved():
    people = mixes_of(walkers(np.random.default_rng(1), 500, 4, MOVES))
    markov = Markov(people)
    expected = markov.expect(people, 4, 0.1)
    assert np.allclose(expected.share, people.share[people.window == 3] @ markov.transition(4, 0.1))
    assert np.allclose(expected.share.sum(axis=1), 1)
    assert (markov.name, Markov(people, HABIT).name) == (Method.MARKOV, Method.EMA_MARKOV)


def test_people_who_never_come_back_teach_nothing():
    share = np.full((6, 3, 2), np.nan)
    share[np.arange(6), np.arange(6) % 3] = [1, 0]
    markov = Markov(mixes_of(share))
    assert np.array_equal(markov.transition(3, 0.1), np.eye(2))
