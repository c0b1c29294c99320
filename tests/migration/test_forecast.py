import numpy as np
import pandas as pd
import pytest

from recsys_core.logs.windows import WindowSize
from recsys_core.migration.forecast import ONE_INTEREST, TOO_FEW_WINDOWS, forecast_next
from recsys_core.migration.forecasters import Expectation, Method
from tests.migration.people import drawn, mixes_of, months, walkers

IDS = np.array([7, 8, 9])


def forecast(people, n=6, ids=IDS, **more):
    return forecast_next(people, months(n), ids, WindowSize.MONTH, np.random.default_rng(0), **more)


@pytest.fixture
def steady():
    rng = np.random.default_rng(0)
    return drawn(np.repeat(rng.dirichlet(np.full(3, 0.5), 120)[:, None], 6, axis=1), 3, rng)


def test_shares_and_mixes_of_what_comes_next(steady):
    found = forecast(steady)
    assert found.lacking == ""
    assert found.shares["interest"].tolist() == [7, 8, 9]
    assert set(zip(found.shares["from_window"], found.shares["to_window"], strict=True)) == {
        ("2013-06", "2013-07")
    }
    assert np.isclose(found.shares["forecast"].sum(), 1)
    mixes = found.mixes.groupby("user")["share"]
    assert len(mixes) == 120
    assert np.allclose(mixes.sum(), 1, atol=1e-5)  # three interests, all of them kept
    assert (mixes.apply(lambda share: share.is_monotonic_decreasing)).all()
    assert found.scores["method"].unique().tolist() == ["persistence", "ema", "markov", "ema-markov"]
    assert found.scores.groupby("measure")["chosen"].sum().tolist() == [1, 1, 1, 1]


def test_a_window_the_log_holds_in_part_is_forecast_but_not_judged_on(steady):
    windows = months(6)
    windows = (*windows[:5], type(windows[5])(windows[5].id, windows[5].start, windows[5].end, partial=True))
    found = forecast_next(steady, windows, IDS, WindowSize.MONTH, np.random.default_rng(0))
    assert found.shares[["from_window", "to_window"]].iloc[0].tolist() == ["2013-05", "2013-06"]
    whole = forecast(steady.select(steady.window < 5), 5)
    pd.testing.assert_frame_equal(found.scores, whole.scores)
    pd.testing.assert_frame_equal(found.shares, whole.shares)
    assert not found.mixes.equals(whole.mixes)  # of a user, the latest is taken into account


def test_another_forecaster_takes_part(steady):
    class Oracle:
        name, parameters = Method.MODEL, (1.0,)

        def expect(self, people, cut, parameter):
            known = people.select(people.window == min(cut, 5))
            return Expectation(known.user, known.share, np.full(len(known.user), 100.0))

    scores = forecast(steady, others=(Oracle(),)).scores
    model = scores[(scores["method"] == "interest-model") & (scores["measure"] == "log_loss")].iloc[0]
    assert model[["better", "chosen"]].tolist() == [True, True]


@pytest.mark.parametrize("n", [1, 2, 3])
def test_too_few_windows_is_a_plain_sentence(n):
    people = mixes_of(walkers(np.random.default_rng(0), 30, n, np.eye(3)))
    found = forecast(people, n)
    assert found.lacking == TOO_FEW_WINDOWS
    assert (found.shares.empty, found.scores.empty, found.mixes.empty) == (True, True, True)
    assert list(found.shares.columns) == list(forecast_columns())


def forecast_columns():
    return ("from_window", "to_window", "interest", "share", "forecast", "low", "high")


def test_people_of_one_event_and_few_who_return():
    once = np.full((60, 6, 3), np.nan)
    once[np.arange(60), np.arange(60) % 6] = [1, 0, 0]
    assert forecast(mixes_of(once)).lacking == TOO_FEW_WINDOWS
    assert forecast(mixes_of(np.full((9, 6, 3), 1 / 3))).lacking == TOO_FEW_WINDOWS


def test_one_interest_is_nothing_to_forecast():
    assert forecast(mixes_of(np.ones((30, 6, 1))), ids=IDS[:1]).lacking == ONE_INTEREST


def test_a_window_without_users(steady):
    found = forecast(steady.select(steady.window != 3))
    assert found.lacking == ""
    assert found.scores.loc[found.scores["measure"] == "share_error", "n_compared"].tolist() == [4] * 4


def test_the_first_to_come_back_may_have_come_in_small_groups():
    """Five people in each of two windows: ten return in the third, and no window before had ten."""
    share = np.full((20, 6, 3), np.nan)
    share[:10, 0] = share[10:, 1] = share[:, 3:] = [0.5, 0.3, 0.2]
    share[:5, 0] = np.nan
    share[15:, 1] = np.nan
    assert forecast(mixes_of(share)).lacking == ""


def test_the_same_seed_gives_the_same_forecast(steady):
    pd.testing.assert_frame_equal(forecast(steady).scores, forecast(steady).scores)
