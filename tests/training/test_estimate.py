from dataclasses import replace

import pytest

from recsys_core.training.estimate import QUICKER, SLOWER, START_SECONDS, Measured, forecast

HEAD = Measured((0.5, 0.1, 0.3), 10, 0.0, 0, 1000.0, 5000, 1.0, 800.0, 10.0, 20.0, "this processor")


def test_the_range_goes_from_an_early_stop_to_every_epoch() -> None:
    told = forecast(HEAD, 12)
    epoch = 10 * 0.3 + 1.0
    assert told.seconds == pytest.approx(
        (QUICKER * (START_SECONDS + 5 + 4 * epoch), SLOWER * (START_SECONDS + 5 + 12 * epoch))
    )
    assert told.disk_mb == 100.0


def test_pre_training_costs_its_time_for_every_pass() -> None:
    read = replace(HEAD, pass_seconds=40.0)
    assert forecast(read, 12) == forecast(HEAD, 12)
    low, high = forecast(HEAD, 12).seconds
    assert forecast(read, 12, passes=3).seconds == pytest.approx((low + QUICKER * 120, high + SLOWER * 120))
    assert Measured.from_json(read.to_json()) == read


def test_an_encoder_that_learns_costs_its_tokens_each_epoch() -> None:
    full = replace(HEAD, teach_speed=100.0, n_tokens=1000)
    assert full.seconds_of(10, 10) == pytest.approx(HEAD.seconds_of(10, 10) + 8 * 10)  # two before it learns
    assert forecast(full, 10).seconds[0] > forecast(HEAD, 10).seconds[0]
    assert Measured.from_json(full.to_json()) == full
