"""Forecasts of the next mix and shares on real logs, each method against persistence on the last window."""

import time
from dataclasses import replace
from itertools import count
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recsys_core.catalogue.dataset import Dataset
from recsys_core.interests.clusters import default_levels
from recsys_core.interests.finding import find_interests
from recsys_core.logs.windows import Window, WindowSize, windows_between
from recsys_core.migration.comparison import JS_DISTANCE, LOG_LOSS, SHARE_ERROR
from recsys_core.migration.forecast import forecast_next
from recsys_core.migration.forecasters import MovingAverage
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

EPOCHS = 3
LEVELS = (0, 1)
MODEL_BY = WindowSize.QUARTER
"""An InterestModel is trained for these windows only, since each size needs one of its own."""

Row = tuple[object, ...]


@pytest.mark.parametrize("domain", ["food", "kitchen", "beauty", "toys"])
def test_the_chosen_method_is_not_worse_than_persistence(domain: str, tmp_path: Path) -> None:
    dataset, vectors = shop(tmp_path, domain)
    interests = find_interests(
        dataset, vectors, default_levels(dataset.n_items), rng_from(0, "interests"), Silent()
    )
    rows: list[Row] = []
    failures = []
    for size in (WindowSize.QUARTER, WindowSize.YEAR):
        windows = windows_between(int(dataset.time.min()), int(dataset.time.max()), size)
        model = _before_validation(dataset, vectors, windows) if size is MODEL_BY else None
        for level in LEVELS:
            ids = interests.at_level(level)["interest"].to_numpy(np.int64)
            codes = interests.item_interest[level] - ids[0]
            people = interest_mixes(dataset, windows, codes, len(ids))
            began = time.perf_counter()
            own = forecast_next(people, windows, ids, size, rng_from(0, "forecast"))
            seconds = time.perf_counter() - began
            others = (ModelForecaster(model, dataset, windows, codes, len(ids)),) if model else ()
            every = forecast_next(people, windows, ids, size, rng_from(0, "forecast"), others)
            chosen = set(own.scores.loc[own.scores["chosen"], ["measure", "method"]].apply(tuple, axis=1))
            rows += _told(every.scores, chosen, f"{size}, {len(ids)} interests")
            print(f"{domain}, {size}, {len(ids)} interests: {_covered(people, windows)}; {seconds:.2f} s")
            worse = own.scores["chosen"] & (own.scores["difference_low"] > 0)
            failures += own.scores.loc[
                worse & own.scores["measure"].isin([LOG_LOSS, JS_DISTANCE])
            ].index.tolist()
    print(f"\n{domain}: difference to persistence (95 %), less is better; * the one chosen by validation")
    print(table(("windows", "measure", "compared", "method", "value", "difference"), rows), flush=True)
    assert not failures


def _before_validation(dataset: Dataset, vectors: Floats, windows: tuple[Window, ...]) -> TrainedModel:
    """An InterestModel (mode head) that has seen nothing of the two windows held out."""
    people = interest_mixes(dataset, windows, np.zeros(dataset.n_items, np.int64), 1)
    start = windows[whole_windows_with_returning(people, windows)[-2]].start
    known = dataset.select_events(dataset.time < start.timestamp())
    later = count(1)
    options = replace(TrainingOptions(), epochs=EPOCHS, patience=EPOCHS)
    return train_interest_model(known, vectors, lambda _: float(next(later)), options, 0, Silent())


def _told(scores: pd.DataFrame, chosen: set[tuple[str, str]], what: str) -> list[Row]:
    shown = scores[scores["measure"].isin([LOG_LOSS, JS_DISTANCE, SHARE_ERROR])]
    return [
        (
            what,
            row.measure,
            row.n_compared,
            f"{row.method}{' *' if (row.measure, row.method) in chosen else ''}",
            f"{row.value:.4f}",
            f"{row.difference:+.4f} ({row.difference_low:+.4f} to {row.difference_high:+.4f})",
        )
        for row in shown.itertuples()
    ]


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
