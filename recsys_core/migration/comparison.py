"""Which forecaster to believe: tuned on one window, judged on the next, each against persistence."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from recsys_core.columns import (
    BETTER,
    CHOSEN,
    DIFFERENCE,
    DIFFERENCE_HIGH,
    DIFFERENCE_LOW,
    HIGH,
    LOW,
    MEASURE,
    METHOD,
    N_COMPARED,
    SETTING,
    VALUE,
)
from recsys_core.migration.arrays import Floats
from recsys_core.migration.forecasters import Forecaster, Persistence
from recsys_core.migration.held_out import HeldOut, Tuned, hold_out, js_distance, log_loss, missed, tune
from recsys_core.migration.mixes import Mixes
from recsys_core.migration.shares import mean_interval

LOG_LOSS, JS_DISTANCE, MISSED, SHARE_ERROR = "log_loss", "js_distance", "missed", "share_error"
SCORE_COLUMNS: Final = {
    METHOD: "str",
    MEASURE: "str",
    **dict.fromkeys((VALUE, LOW, HIGH, DIFFERENCE, DIFFERENCE_LOW, DIFFERENCE_HIGH), "f8"),
    BETTER: "bool",
    CHOSEN: "bool",
    N_COMPARED: "i8",
    SETTING: "str",
}
NEGLIGIBLE: Final = 0.001
"""A gain that is not surely larger than this is called none: nobody could read it off."""

_MEASURES: Final = {LOG_LOSS: log_loss, JS_DISTANCE: js_distance, MISSED: missed}


@dataclass(frozen=True, eq=False)
class Comparison:
    """``scores``: rows of ``Migration.forecast_scores`` on users. ``chosen``: the method to go by."""

    scores: pd.DataFrame
    chosen: Tuned


def compare_forecasters(
    people: Mixes, others: Sequence[Forecaster], validation: int, test: int, rng: np.random.Generator
) -> Comparison:
    """Persistence and ``others``, tuned on the users who return in window ``validation`` and judged on those
    who return in window ``test``, a later one.

    Chosen is the least log-loss on the validation users among those that gain on persistence there in
    log-loss and in Jensen-Shannon distance alike, each with the whole 95 % interval (paired bootstrap over
    users); else persistence. A method is called better where it gains so on the test users, of whom neither
    the parameters nor the choice have seen anything.
    """
    seen, unseen = hold_out(people, validation), hold_out(people, test)
    tuned = [tune(forecaster, seen) for forecaster in (Persistence(), *others)]
    chosen = _choose(tuned, seen, rng)
    answers = [each.answer(unseen) for each in tuned]
    tables = [
        _rows(tuned, measure, np.column_stack([of(a, unseen.truth) for a in answers]), chosen, rng)
        for measure, of in _MEASURES.items()
    ]
    return Comparison(pd.concat(tables, ignore_index=True), tuned[chosen])


def _choose(tuned: Sequence[Tuned], held: HeldOut, rng: np.random.Generator) -> int:
    answers = [each.answer(held) for each in tuned]
    loss, distance = (np.column_stack([of(a, held.truth) for a in answers]) for of in (log_loss, js_distance))
    gains = np.hstack([loss - loss[:, :1], distance - distance[:, :1]])
    less, nearer = np.split(mean_interval(gains, rng)[1], 2)
    sure = (less < -NEGLIGIBLE) & (nearer < 0)
    return int(np.where(sure, loss.mean(axis=0), loss[:, 0].mean()).argmin())


def _rows(
    tuned: Sequence[Tuned], measure: str, values: Floats, chosen: int, rng: np.random.Generator
) -> pd.DataFrame:
    """``values``: (N, methods), persistence first."""
    apart = values - values[:, :1]
    low, high = mean_interval(np.hstack([values, apart]), rng)
    n = len(tuned)
    table = {
        METHOD: [str(each.forecaster.name) for each in tuned],
        MEASURE: measure,
        VALUE: values.mean(axis=0),
        LOW: low[:n],
        HIGH: high[:n],
        DIFFERENCE: apart.mean(axis=0),
        DIFFERENCE_LOW: low[n:],
        DIFFERENCE_HIGH: high[n:],
        BETTER: high[n:] < -NEGLIGIBLE,
        CHOSEN: np.arange(n) == chosen,
        N_COMPARED: len(values),
        SETTING: [_setting(each) for each in tuned],
    }
    return pd.DataFrame(table).astype(SCORE_COLUMNS)


def _setting(tuned: Tuned) -> str:
    smoothing = tuned.smoothing
    crowd = f"{smoothing.strength:g} events" if smoothing.by_events else f"{100 * smoothing.strength:g} %"
    return f"{tuned.parameter:g}, crowd {crowd}"
