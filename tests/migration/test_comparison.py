import numpy as np

from recsys_core.migration.comparison import compare_forecasters
from recsys_core.migration.forecasters import Expectation, Method, MovingAverage, Persistence
from recsys_core.migration.markov import HABIT, Markov
from recsys_core.migration.mixes import Mixes
from tests.migration.people import drawn, mixes_of, walkers


def compare(people, last=5):
    others = (MovingAverage(), Markov(people), Markov(people, HABIT))
    return compare_forecasters(people, others, last - 1, last, np.random.default_rng(0))


def loss_of(scores, method, measure="log_loss"):
    return scores.set_index(["method", "measure"]).loc[(method, measure)]


def test_planted_moves_are_foreseen():
    moves = 0.15 * np.eye(4) + 0.85 * np.roll(np.eye(4), 1, axis=1)  # everybody goes on to the next interest
    compared = compare(mixes_of(walkers(np.random.default_rng(0), 300, 6, moves), 3))
    markov = loss_of(compared.scores, "markov")
    assert compared.chosen.forecaster.name == "markov"
    assert markov[["better", "chosen"]].tolist() == [True, True]
    assert markov["difference_high"] < -0.5
    assert markov["n_compared"] == 300
    assert loss_of(compared.scores, "markov", "js_distance")["better"]
    assert loss_of(compared.scores, "markov", "missed")["value"] < 0.2


def test_who_never_changes_is_best_told_by_persistence():
    taste = np.random.default_rng(1).dirichlet(np.full(4, 0.5), 200)
    compared = compare(mixes_of(np.repeat(taste[:, None], 6, axis=1), 5))
    assert compared.chosen.forecaster.name == "persistence"
    assert not compared.scores["better"].any()
    assert loss_of(compared.scores, "persistence")["difference"] == 0


def test_who_gains_in_one_measure_only_is_not_chosen():
    """A tenth of the users does anything. Who knows them has less log-loss, even if blunt about the others,
    but is farther from what those do."""
    rng = np.random.default_rng(0)
    taste = np.eye(4)[rng.integers(4, size=(600, 6))]
    taste[60:] = taste[60:, :1]

    class Blunt:
        name, parameters = Method.EMA, (1.0,)

        def expect(self, people, cut, parameter):
            last = Persistence().expect(people, cut, 1.0)
            own = np.where(last.user < 60, 0.0, 0.85)[:, None]
            return Expectation(last.user, own * last.share + (1 - own) / 4, last.n_events)

    compared = compare_forecasters(mixes_of(taste), (Blunt(),), 4, 5, np.random.default_rng(0))
    assert compared.chosen.forecaster.name == "persistence"
    assert loss_of(compared.scores, "ema")["better"]
    assert loss_of(compared.scores, "ema", "js_distance")["difference_low"] > 0


def test_where_nothing_tells_about_a_user_nothing_is_claimed():
    """Mixes dealt out anew among the users of each window."""
    claims = 0
    for seed in range(12):
        rng = np.random.default_rng(seed)
        people = drawn(rng.dirichlet(np.full(4, 0.5), (150, 6)), 4, rng)
        compared = compare(people)
        claims += compared.chosen.forecaster.name != "persistence"
        claims += bool((compared.scores["better"] & compared.scores["chosen"]).any())
    assert claims <= 2


def test_the_last_window_decides_nothing():
    """Whatever is done in the window to be judged on, parameters and choice stay."""
    people = drawn(np.random.default_rng(3).dirichlet(np.full(4, 0.5), (150, 6)), 4, np.random.default_rng(3))
    other = people.share.copy()
    other[people.window == 5] = np.roll(other[people.window == 5], 1, axis=1)
    first, second = compare(people), compare(Mixes(people.user, people.window, other, people.n_events))
    assert first.chosen.parameter == second.chosen.parameter
    assert first.scores["setting"].tolist() == second.scores["setting"].tolist()
    assert first.scores["value"].tolist() != second.scores["value"].tolist()
