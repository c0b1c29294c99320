import pickle

import numpy as np

from recsys_core.logs.windows import WindowSize, windows_between
from recsys_core.migration.flows import centroid_distances
from recsys_core.migration.layout import lay_out
from recsys_core.migration.null import one_after_another, weigh_flows
from recsys_core.progress import Silent
from recsys_core.spread import spreading


def weigh(worlds, rows, shuffles=50, seed=0, compared=None):
    dataset = worlds.dataset(rows)
    interests = worlds.interests(dataset)
    windows = windows_between(int(dataset.time.min()), int(dataset.time.max()), WindowSize.MONTH)
    cost = centroid_distances(interests.centroids)
    rng, layout = np.random.default_rng(seed), lay_out(dataset, windows)
    compared = one_after_another(len(windows)) if compared is None else np.array(compared)
    return weigh_flows(layout, interests.item_interest[0], cost, compared, rng, shuffles, Silent())


TWO = [
    ("ann", "2013-01-05", 1, 0),
    ("ann", "2013-02-05", 3, 0),
    ("bob", "2013-01-05", 1, 0),
    ("bob", "2013-02-05", 1, 1),
]


def test_half_of_it_moved(worlds):
    seen = weigh(worlds, TWO)
    assert seen.share[0, 1].tolist() == [0, 0.5, 0, 0.5, 0]
    assert np.isnan(seen.share[0, 0]).all()
    assert seen.n_users.tolist() == [[0, 2, 0, 0, 0]]
    assert seen.error[0, 1, 3] == np.sqrt(0.5) / 2  # two users, 0.5 off each: sqrt(0.25 + 0.25) / 2


def test_shuffles_keep_who_was_active_when(worlds):
    seen = weigh(worlds, TWO)
    assert seen.window_sums.shape == (50, 2, 5)
    assert (seen.window_sums.sum(axis=2) == 2).all()
    assert set(seen.window_sums[:, 0, 1]) == {1.0, 2.0}  # ann's two items change places or not


def test_expected_is_the_chance_of_the_shuffle(worlds):
    expected = weigh(worlds, TWO, shuffles=600).expected[0]
    # Half the shuffles: 1 of 2 moves from baking; the other half: only bob holds it, and he stays.
    assert abs(expected[1, 3] - 0.25) < 0.03
    assert expected[1, 0] == 0


def test_same_seed_same_result(worlds):
    rows = worlds.random(seed=1, n_users=30)
    assert (weigh(worlds, rows).p == weigh(worlds, rows).p).all()


def test_windows_that_are_not_in_a_row(worlds):
    rows = [
        *TWO[:1],
        ("ann", "2013-02-05", 4, 0),
        ("ann", "2013-03-05", 3, 0),
        TWO[2],
        ("bob", "2013-03-09", 1, 1),
    ]
    seen = weigh(worlds, rows, compared=[2, -1, -1])
    assert seen.share.shape == (1, 5, 5)
    assert seen.share[0, 1].tolist() == [0, 0.5, 0, 0.5, 0]
    assert seen.n_users.tolist() == [[0, 2, 0, 0, 0]]


def test_shuffles_dealt_by_other_processes_are_the_same(worlds):
    def elsewhere(work, parts, told):
        sent = pickle.dumps((work, list(parts)))
        there, streams = pickle.loads(sent)  # noqa: S301 - our own
        made = [there(stream, told(0)) for stream in reversed(streams)]
        return iter(reversed(made))

    here = weigh(worlds, TWO)
    with spreading(elsewhere):
        there = weigh(worlds, TWO)
    for name, values in vars(here).items():
        np.testing.assert_array_equal(vars(there)[name], values, err_msg=name)
