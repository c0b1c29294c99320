import sys

import numpy as np
import pytest

from recsys_core.errors import InputError
from recsys_core.release.noise import add_noise, reach

N = 40_000


def test_noise_is_discrete_laplace_of_the_scale_that_epsilon_asks_for():
    # Each band is 5 standard errors wide: it fails once in some 10^6 runs, and for a scale that is 5 % off.
    noisy = add_noise(np.full(N, 7), sensitivity=4, epsilon=0.5)
    drawn, scale = noisy.values - 7, 8.0
    decay = np.exp(-1 / scale)
    assert noisy.scale == pytest.approx(scale)
    assert abs(drawn.mean()) < 5 * np.sqrt(2 * decay) / (1 - decay) / np.sqrt(N)
    assert abs(np.abs(drawn).mean() - 2 * decay / (1 - decay**2)) < 5 * scale / np.sqrt(N)
    expected = N * (1 - decay) / (1 + decay) * decay ** np.abs(np.arange(-20, 21))
    seen = np.array([(drawn == value).sum() for value in range(-20, 21)])
    chi_square = ((seen - expected) ** 2 / expected).sum()
    assert chi_square < 41 + 5 * np.sqrt(2 * 41)


def test_twice_the_same_question_has_two_answers_whatever_numpy_was_seeded_with():
    answers = []
    for _ in range(2):
        np.random.seed(0)
        answers.append(add_noise(np.zeros(50, np.int64), 1, 0.1).values.tolist())
    assert answers[0] != answers[1]


def test_shape_and_facts_are_told():
    noisy = add_noise(np.zeros((2, 3), np.int64), 3, 1.0)
    assert noisy.values.shape == (2, 3)
    assert noisy.facts() == {"epsilon": 1.0, "l1_sensitivity": 3, "scale": 3.0}


def test_nineteen_of_twenty_draws_are_within_reach():
    drawn = add_noise(np.zeros(N, np.int64), 5, 1.0).values
    beyond = (np.abs(drawn) > reach(5.0, 0.05)).mean()
    assert 0.03 < beyond < 0.05 + 5 * np.sqrt(0.05 * 0.95 / N)


def test_without_opendp_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "opendp.prelude", None)
    with pytest.raises(InputError, match=r"driftmap\[private\]"):
        add_noise(np.zeros(1, np.int64), 1, 1.0)
