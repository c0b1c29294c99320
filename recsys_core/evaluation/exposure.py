"""Measures of all lists of a model together, each with an interval over the people who were shown them."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recsys_core.columns import USER
from recsys_core.evaluation.lists import coverage, exposure, gini
from recsys_core.randomness import rng_from
from recsys_core.recommend.paired import Interval, ratio_interval

Rows = NDArray[np.int64]
Numbers = NDArray[np.float64]
SAMPLES: Final = 500
MEASURES: Final[tuple[tuple[str, Callable[[Numbers], float]], ...]] = (("coverage", coverage), ("gini", gini))


def of_all_lists(
    name: str, per_user: pd.DataFrame, lists: Sequence[Rows], n_items: int
) -> dict[str, Interval]:
    """Coverage, Gini and popularity lift of the model ``name``. ``lists``: of each split in the order of
    the rows of ``per_user``; those of several splits are taken together, and who is in two is drawn as one.
    """
    all_lists = np.concatenate(lists)
    k = all_lists.shape[1]
    _, person = np.unique(per_user[USER].to_numpy(np.int64), return_inverse=True)
    found = _exposed(all_lists, person, n_items)
    by_person = per_user.groupby(USER)[[f"{name} popularity@{k}", "truth_popularity"]].mean()
    lift = popularity_lift(*by_person.to_numpy(np.float64).T)
    return {f"{key}@{k}": value for key, value in {**found, "popularity_lift": lift}.items()}


def popularity_lift(shown: Numbers, taken: Numbers) -> Interval:
    """Mean popularity of what people are shown (P,) over that of what they took (P,), less 1: 0 = as
    popular, 1 = twice as popular (Abdollahpouri et al. 2020, there against the profile, which for people
    new to a domain holds nothing of it).
    """
    ratio = ratio_interval(shown, taken, rng_from(0, "popularity lift"))
    return Interval(ratio.mean - 1, ratio.low - 1, ratio.high - 1)


def _exposed(lists: Rows, person: Rows, n_items: int) -> dict[str, Interval]:
    """Percentile intervals over drawn people, moved to the value itself: who is drawn twice shows nothing
    more, so that drawn people show fewer items (bias correction, Efron and Tibshirani 1993, chapter 10).
    """
    rng, people = rng_from(0, "exposure"), int(person.max()) + 1
    drawn = rng.multinomial(people, np.full(people, 1 / people), SAMPLES)
    exposed = [exposure(lists, n_items, times[person]) for times in drawn]
    found = {}
    for key, measure in MEASURES:
        value, samples = measure(exposure(lists, n_items)), np.array([measure(one) for one in exposed])
        low, high = np.percentile(samples, [2.5, 97.5]) - samples.mean() + value
        found[key] = Interval(value, max(0.0, float(low)), min(1.0, float(high)))
    return found
