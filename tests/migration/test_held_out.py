import numpy as np
from scipy.spatial.distance import jensenshannon

from recsys_core.migration.forecasters import MovingAverage, Persistence
from recsys_core.migration.held_out import (
    hold_out,
    js_distance,
    log_loss,
    missed,
    tune,
    whole_windows_with_returning,
)
from tests.migration.people import drawn, mixes_of, months


def test_losses_by_hand():
    forecast, truth = np.array([[0.5, 0.25, 0.25], [0.2, 0.8, 0.0]]), np.array([[0.5, 0.5, 0], [1.0, 0, 0]])
    assert np.allclose(log_loss(forecast, truth), [0.5 * np.log(2) + 0.5 * np.log(4), np.log(5)])
    assert np.allclose(missed(forecast, truth), [0.5, 1])
    expected = [jensenshannon(f, t, 2) for f, t in zip(forecast, truth, strict=True)]
    assert np.allclose(js_distance(forecast, truth), expected)
    assert js_distance(np.eye(2), np.eye(2)[::-1]).tolist() == [1, 1]
    assert js_distance(truth, truth).tolist() == [0, 0]


def test_only_who_returns_is_held_out_and_the_past_alone_is_told():
    share = np.full((4, 3, 2), np.nan)
    share[0] = [[1, 0], [1, 0], [0, 1]]
    share[1, 2] = [1, 0]  # new in the last window
    share[2, 0] = [0, 1]  # gone
    share[3, [0, 2]] = [[0.5, 0.5], [1, 0]]
    held = hold_out(mixes_of(share), 2)
    assert held.user.tolist() == [0, 3]
    assert held.truth.tolist() == [[0, 1], [1, 0]]
    tuned = tune(Persistence(), held)
    assert tuned.answer(held).shape == (2, 2)
    assert set(held.people.user.tolist()) == {0, 3}


def test_steady_tastes_seen_through_few_events_want_a_long_memory():
    rng = np.random.default_rng(0)
    people = drawn(np.repeat(rng.dirichlet(np.full(4, 0.5), 400)[:, None], 8, axis=1), 3, rng)
    held = hold_out(people, 7)
    tuned = tune(MovingAverage(), held)
    assert tuned.parameter <= 0.2
    steady = log_loss(tuned.answer(held), held.truth).mean()
    assert steady < log_loss(tune(Persistence(), held).answer(held), held.truth).mean() - 0.05


def test_windows_to_judge_by():
    share = np.full((12, 4, 2), 0.5)
    share[:3, 2] = np.nan  # nine come back in the third month
    windows = months(4)
    assert whole_windows_with_returning(mixes_of(share), windows) == [1, 3]
    short = (*windows[:3], type(windows[3])(windows[3].id, windows[3].start, windows[3].end, partial=True))
    assert whole_windows_with_returning(mixes_of(share), short) == [1]
