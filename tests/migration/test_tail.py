import numpy as np
import pytest
from scipy.stats import gamma, norm, pearson3

from recsys_core.migration.tail import Tail, pearson_tail


def tail_of(observed, shuffled):
    tail = Tail(np.array(observed, float))
    for value in shuffled:
        tail.add(np.array(value, float))
    return tail


def test_mean_and_deviation():
    tail = tail_of([5.0, 0.0], [[1, 2], [3, 2]])
    assert (tail.mean.tolist(), tail.deviation.tolist()) == ([2, 2], [1, 0])


def test_counts_where_enough_shuffles_reach_it():
    assert tail_of(10.0, range(1, 21)).p() == pytest.approx(12 / 21)


def test_what_never_varies_is_counted():
    assert tail_of(2.0, [2.0] * 19).p() == 1
    assert tail_of(3.0, [2.0] * 19).p() == 1 / 20


def test_a_shuffle_where_it_does_not_exist_is_left_out():
    assert tail_of(4.0, [1, np.nan, 3]).mean == 2


@pytest.mark.parametrize("skew", [0.0, 0.3, 1.0, 2.5])
def test_pearson_tail_is_that_of_scipy(skew):
    z = np.array([-0.5, 0.0, 1.0, 4.0, 8.0])
    assert np.allclose(pearson_tail(z, np.full(5, skew)), pearson3.sf(z, skew), rtol=1e-6)


def test_left_skew_is_taken_as_none():
    assert pearson_tail(np.array(3.0), np.array(-1.0)) == pytest.approx(norm.sf(3.0))


def test_the_far_tail_of_a_gamma_is_found_from_few_shuffles():
    rng = np.random.default_rng(3)
    p = tail_of(gamma.isf(1e-5, 4), rng.gamma(4, size=2000)).p()
    assert 1e-6 < p < 1e-4
