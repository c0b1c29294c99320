"""Forecasts of the next mix and shares on real logs, each method against persistence on the last window."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import count, product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from recsys_core.catalogue.dataset import Dataset
from recsys_core.interests.clusters import default_levels
from recsys_core.interests.finding import find_interests
from recsys_core.interests.interests import Interests
from recsys_core.logs.windows import Window, WindowSize, windows_between
from recsys_core.migration.comparison import JS_DISTANCE, LOG_LOSS, SHARE_ERROR
from recsys_core.migration.forecast import Forecast, forecast_next
from recsys_core.migration.forecasters import Forecaster, MovingAverage
from recsys_core.migration.held_out import whole_windows_with_returning
from recsys_core.migration.markov import HABIT, Markov
from recsys_core.migration.mixes import Mixes, interest_mixes
from recsys_core.migration.model_forecast import ModelForecaster
from recsys_core.migration.next_shares import next_shares
from recsys_core.progress import Silent
from recsys_core.randomness import rng_from
from recsys_core.training.finetune import train_interest_model
from recsys_core.training.options import TrainingOptions
from recsys_core.training.trained_model import TrainedModel
from tests.benchmarks.shop import Floats, shop, table

DOMAINS = ("food", "kitchen", "beauty", "toys")
EPOCHS = 3
Row = tuple[object, ...]


@dataclass(frozen=True, eq=False)
class View:
    """One log seen through one size of window at one level; ``codes`` (I,), ``ids`` (K,)."""

    size: WindowSize
    windows: tuple[Window, ...]
    codes: NDArray[np.int64]
    ids: NDArray[np.int64]
    people: Mixes

    def forecast(self, *others: Forecaster) -> Forecast:
        rng = rng_from(0, "forecast")
        return forecast_next(self.people, self.windows, self.ids, self.size, rng, others)

    def __str__(self) -> str:
        return f"{self.size}, {len(self.ids)} interests"


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_chosen_method_is_not_worse_than_persistence(domain: str, tmp_path: Path) -> None:
    dataset, vectors = shop(tmp_path, domain)
    rows: list[Row] = []
    worse = []
    print()
    for view in _views(dataset, _interests(dataset, vectors), WindowSize.QUARTER, WindowSize.YEAR):
        began = time.perf_counter()
        scores = view.forecast().scores
        seconds = time.perf_counter() - began
        rows += _told(view, scores)
        print(f"{domain}, {view}: {_covered(view.people, view.windows)}; {seconds:.2f} s", flush=True)
        used = scores[scores["chosen"] & scores["measure"].isin([LOG_LOSS, JS_DISTANCE])]
        worse += used.loc[used["difference_low"] > 0, "measure"].map(f"{view}: {{}}".format).tolist()
    _show(domain, rows)
    assert not worse


@pytest.mark.parametrize("domain", DOMAINS)
def test_an_interest_model_beside_them(domain: str, tmp_path: Path) -> None:
    """Trained (mode head) on what was before the two windows held out, and on nothing else."""
    dataset, vectors = shop(tmp_path, domain)
    learned: list[TrainedModel] = []
    rows: list[Row] = []
    for view in _views(dataset, _interests(dataset, vectors), WindowSize.QUARTER):
        learned = learned or [_before_validation(dataset, vectors, view)]
        model = ModelForecaster(learned[0], dataset, view.windows, view.codes, len(view.ids))
        rows += _told(view, view.forecast(model).scores)
    _show(domain, rows)


def _interests(dataset: Dataset, vectors: Floats) -> Interests:
    levels = default_levels(dataset.n_items)
    return find_interests(dataset, vectors, levels, rng_from(0, "interests"), Silent())


def _views(dataset: Dataset, interests: Interests, *sizes: WindowSize) -> Iterator[View]:
    for size, level in product(sizes, (0, 1)):
        windows = windows_between(int(dataset.time.min()), int(dataset.time.max()), size)
        ids = interests.at_level(level)["interest"].to_numpy(np.int64)
        codes = interests.item_interest[level] - ids[0]
        yield View(size, windows, codes, ids, interest_mixes(dataset, windows, codes, len(ids)))


def _before_validation(dataset: Dataset, vectors: Floats, view: View) -> TrainedModel:
    start = view.windows[whole_windows_with_returning(view.people, view.windows)[-2]].start
    known = dataset.select_events(dataset.time < start.timestamp())
    options = replace(TrainingOptions(), epochs=EPOCHS, patience=EPOCHS)
    later: Callable[[], int] = count(1).__next__  # each epoch is called better, so the last is kept
    return train_interest_model(known, vectors, lambda _: float(later()), options, 0, Silent())


def _told(view: View, scores: pd.DataFrame) -> list[Row]:
    shown = scores[scores["measure"].isin([LOG_LOSS, JS_DISTANCE, SHARE_ERROR])]
    return [
        (
            view,
            row.measure,
            f"{row.n_compared:,}",
            f"{row.method}{' *' if row.chosen else ''}",
            f"{row.value:.4f}",
            f"{row.difference:+.4f} ({row.difference_low:+.4f} to {row.difference_high:+.4f})",
        )
        for row in shown.itertuples()
    ]


def _show(domain: str, rows: list[Row]) -> None:
    print(f"\n{domain}: difference to persistence (95 %), less is better; * the one chosen by validation")
    print(table(("windows", "measure", "compared", "method", "value", "difference"), rows), flush=True)


def _covered(people: Mixes, windows: tuple[Window, ...]) -> str:
    """How often shares lay in the interval that was given one window before."""
    methods = (MovingAverage(), Markov(people), Markov(people, HABIT))
    last = len(windows) - windows[-1].partial
    inside = []
    for until in range(max(3, last - 12), last):
        now = people.share[people.window == until].mean(axis=0)
        if np.count_nonzero(np.bincount(people.window[people.window < until]) >= 10) >= 3:
            told = next_shares(people, methods, until).table
            inside.append(((told["low"] <= now) & (now <= told["high"])).mean())
    return f"{100 * np.mean(inside):.0f} % of the shares of {len(inside)} past windows lay in their interval"
