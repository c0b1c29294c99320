import numpy as np

from recsys_core.migration.forecasters import MovingAverage
from recsys_core.migration.markov import Markov
from recsys_core.migration.next_shares import next_shares
from tests.migration.people import drawn, mixes_of, walkers


def shares_over(share, n_users, rng):
    """Users of each window drawn anew from ``share`` (windows, K), one event each."""
    return drawn(np.repeat(share[None], n_users, axis=0), 1, rng)


def wandering(rng, n_windows, k=5, step=0.15):
    """(windows, K) shares whose logits go at random."""
    logits = rng.normal(size=k) + np.cumsum(rng.normal(0, step, (n_windows, k)), axis=0)
    return np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)


def test_intervals_cover_what_comes():
    covered, widths = [], []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        people = shares_over(wandering(rng, 11), 150, rng)
        then = people.share[people.window == 10].mean(axis=0)
        table = next_shares(people, (MovingAverage(),), 10).table
        covered.append((table["low"] <= then) & (then <= table["high"]))
        widths.append(table["high"] - table["low"])
    assert 0.92 <= np.mean(covered) <= 0.985
    assert np.mean(widths) < 0.25


def test_intervals_cover_where_most_people_are_the_same():
    covered, widths = [], []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        taste = rng.dirichlet(np.full(5, 0.3), 150)
        here = rng.random((150, 10)) < 0.9
        people = drawn(np.repeat(taste[:, None], 10, axis=1), 10, rng)
        people = people.select(here[people.user, people.window])
        then = people.share[people.window == 9].mean(axis=0)
        table = next_shares(people, (), 9).table
        covered.append((table["low"] <= then) & (then <= table["high"]))
        widths.append(table["high"] - table["low"])
    assert 0.92 <= np.mean(covered) <= 0.99
    assert np.mean(widths) < 0.08  # of people drawn anew they would have to be 0.15 wide


def test_noise_about_a_steady_share_is_averaged_away_and_so_claimed():
    rng = np.random.default_rng(1)
    people = shares_over(np.full((12, 8), 1 / 8), 60, rng)
    found = next_shares(people, (MovingAverage(), Markov(people)), 12)
    ema = found.scores.set_index("method").loc["ema"]
    assert ema[["better", "chosen", "n_compared"]].tolist() == [True, True, 11]
    assert np.abs(found.table["forecast"] - 1 / 8).max() < np.abs(found.table["share"] - 1 / 8).max()
    assert found.now == 11


def test_a_walk_without_memory_is_not_foretold():
    claims = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        people = shares_over(wandering(rng, 12, step=0.4), 300, rng)
        claims += next_shares(people, (MovingAverage(), Markov(people)), 12).scores["better"].any()
    assert claims <= 2


def test_moves_of_everybody_shift_the_shares():
    moves = np.array([[0.6, 0.4], [0.05, 0.95]])
    people = mixes_of(walkers(np.random.default_rng(0), 200, 5, moves), 2)
    found = next_shares(people, (Markov(people),), 5).table
    now = people.share[people.window == 4].mean(axis=0)
    assert np.allclose(found["share"], now)
    assert (
        (found["low"] >= 0) & (found["low"] <= found["forecast"]) & (found["forecast"] <= found["high"])
    ).all()
    assert np.isclose(found["forecast"].sum(), 1)


def test_windows_of_few_users_tell_nothing_about_many():
    """Five windows of ten users with wild shares before eight of 400 that hardly move."""
    rng = np.random.default_rng(2)
    wild = shares_over(rng.dirichlet(np.ones(3), 5), 10, rng)
    calm = shares_over(np.tile([[0.5, 0.3, 0.2]], (8, 1)), 400, rng)
    people = type(wild)(
        np.concatenate([wild.user, calm.user]),
        np.concatenate([wild.window, calm.window + 5]),
        np.concatenate([wild.share, calm.share]),
        np.concatenate([wild.n_events, calm.n_events]),
    )
    order = np.lexsort((people.window, people.user))
    people = type(wild)(
        *(part[order] for part in (people.user, people.window, people.share, people.n_events))
    )
    found = next_shares(people, (MovingAverage(),), 13)
    assert found.scores["n_compared"].tolist() == [7, 7]
    assert (found.table["high"] - found.table["low"]).max() < 0.2
