import pytest
import torch

from recsys_core.progress import Silent
from recsys_core.training import metric_names as names
from recsys_core.training.meter import Meter, interval


class Clock:
    """A second hand that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Told(Silent):
    def __init__(self) -> None:
        self.metrics: list[tuple[str, int, float]] = []
        self.done: list[float] = []

    def metric(self, name: str, step: int, value: float) -> None:
        self.metrics.append((name, step, value))

    def advance(self, done: float, total: float, message: str = "") -> None:
        self.done.append(done / total)


def train(clock: Clock, told: Told, epochs: int, step_seconds: float = 0.1) -> Meter:
    """Ten user steps of 16 users, then 20 texts in four batches of a second each, an epoch."""
    meter = Meter(told, torch.device("cpu"), epochs, n_steps=10, n_texts=20, n_tokens=200, clock=clock)
    meter.begin(0)
    for epoch in range(epochs):
        meter.begin_epoch(epoch)
        for _ in range(10):
            clock.now += step_seconds
            meter.step(16, 2.5, 1e-3)
        for _ in range(4):
            clock.now += 1.0
            meter.read(5, 50)
        meter.refreshed()
        clock.now += 0.5
        meter.judged()
    return meter


def test_every_number_comes_about_once_a_second() -> None:
    clock, told = Clock(), Told()
    train(clock, told, epochs=3, step_seconds=0.01)
    taken = clock.now - 100
    for name in (names.LOSS, names.USERS, names.ITEMS, names.MEMORY, names.LEFT):
        steps = [step for told_name, step, _ in told.metrics if told_name == name]
        assert 1 < len(steps) <= taken + 1
        assert steps == sorted(set(steps))
    assert told.metrics[0] == (names.UNITS, 0, 30)


def test_pace_and_time_left_follow_the_clock() -> None:
    clock, told = Clock(), Told()
    meter = train(clock, told, epochs=1)
    newest = {name: value for name, _, value in told.metrics}
    assert newest[names.USERS] == pytest.approx(160)
    assert newest[names.ITEMS] == pytest.approx(5)
    assert newest[names.TOKENS] == pytest.approx(50)
    meter.epochs = 4
    assert meter.seconds_left == pytest.approx(3 * 5.5 + 0.5)
    meter.untaught = 2
    assert meter.seconds_left == pytest.approx(0.5 + 1.5 + 2 * 5.5)


def test_how_far_it_is_never_goes_back_within_an_epoch_and_ends_whole() -> None:
    clock, told = Clock(), Told()
    train(clock, told, epochs=4)
    later = told.done[14:]  # the first epoch learns how long things take
    assert later == sorted(later)
    assert 0.9 < told.done[-1] <= 1.0


def test_curves_stay_short() -> None:
    assert [interval(s) for s in (0, 300, 1500, 36_000)] == [1, 1, 5, 10]
