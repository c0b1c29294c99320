import numpy as np
import pytest
from scipy.optimize import linprog

from recsys_core.migration.flows import centroid_distances, transport

LINE = centroid_distances(np.array([[0.0], [1.0], [3.0]]))


def dense(before, after, cost):
    plan = transport(np.array(before, float), np.array(after, float), cost)
    flows = np.zeros((len(before), len(cost), len(cost)))
    flows[:, np.arange(len(cost)), np.arange(len(cost))] = plan.stay
    np.add.at(flows, (plan.row, plan.source, plan.target), plan.mass)
    return flows


def exact_cost(before, after, cost):
    k = len(cost)
    sums = np.vstack([np.kron(np.eye(k), np.ones(k)), np.kron(np.ones(k), np.eye(k))])
    return linprog(cost.ravel(), A_eq=sums, b_eq=np.concatenate([before, after])).fun


def test_distances_between_centroids():
    assert LINE.tolist() == [[0, 1, 3], [1, 0, 2], [3, 2, 0]]


def test_a_mix_that_does_not_change_stays():
    assert dense([[0.5, 0.5, 0]], [[0.5, 0.5, 0]], LINE)[0].tolist() == np.diag([0.5, 0.5, 0]).tolist()


def test_one_losing_interest_is_split_over_the_gaining_ones():
    flows = dense([[1, 0, 0]], [[0.5, 0.25, 0.25]], LINE)
    assert flows[0].tolist() == [[0.5, 0.25, 0.25], [0, 0, 0], [0, 0, 0]]


def test_cheapest_routes_go_first():
    cost = centroid_distances(np.array([[0.0], [10.0], [11.0], [1.0]]))
    flows = dense([[0.6, 0.4, 0, 0]], [[0, 0, 0.5, 0.5]], cost)
    expected = [[0, 0, 0.1, 0.5], [0, 0, 0.4, 0], [0, 0, 0, 0], [0, 0, 0, 0]]
    assert np.allclose(flows[0], expected, atol=1e-15)


def test_people_do_not_mix():
    before, after = [[1, 0, 0], [0, 1, 0]], [[0, 1, 0], [0, 0, 1]]
    assert np.argwhere(dense(before, after, LINE)).tolist() == [[0, 0, 1], [1, 1, 2]]


def test_nobody_and_a_single_interest():
    assert dense(np.zeros((0, 3)), np.zeros((0, 3)), LINE).shape == (0, 3, 3)
    assert dense([[1.0]], [[1.0]], np.zeros((1, 1))).tolist() == [[[1.0]]]


@pytest.mark.parametrize(("events", "mean_gap"), [(3, 0.009), (50, 0.019)])
def test_margins_are_kept_and_the_cost_is_near_the_optimum(events, mean_gap):
    rng = np.random.default_rng(7)
    cost = centroid_distances(rng.normal(size=(6, 2)))
    mixes = rng.multinomial(events, rng.dirichlet(np.ones(6), size=300)) / events
    before, after = mixes[:150], mixes[150:]
    flows = dense(before, after, cost)
    assert np.allclose(flows.sum(axis=2), before)
    assert np.allclose(flows.sum(axis=1), after)
    best = np.array([exact_cost(p, q, cost) for p, q in zip(before, after, strict=True)])
    spent = (flows * cost).sum(axis=(1, 2))
    gap = spent[best > 1e-9] / best[best > 1e-9] - 1
    assert gap.min() > -1e-9
    assert gap.mean() == pytest.approx(mean_gap, abs=0.001)
    assert gap.max() < 0.2
