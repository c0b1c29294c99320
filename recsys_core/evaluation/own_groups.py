"""Groups of people by what is told of themselves: each kind, and numbers and dates in quarters."""

from collections.abc import Callable
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recsys_core.catalogue.attributes import Holds, days_in, numbers_in
from recsys_core.catalogue.dataset import Dataset
from recsys_core.catalogue.people import grouping_attributes
from recsys_core.columns import USER_ID
from recsys_core.evaluation.attribute_groups import NOT_TOLD, OWN
from recsys_core.evaluation.splits import ColdUsers

Numbers = NDArray[np.float64]
QUARTERS: Final = (0.25, 0.5, 0.75)


def own_values(test: ColdUsers, dataset: Dataset) -> pd.DataFrame:
    """A row per test user with the group they are in by each attribute of theirs, ``own <attribute>``; no
    column where nothing is told of people.
    """
    if dataset.people is None:
        return pd.DataFrame(index=range(len(test)))
    groups = _groups(dataset.people.table)
    return groups.reindex(dataset.user_ids[test.users]).fillna(NOT_TOLD).reset_index(drop=True)


def _groups(people: pd.DataFrame) -> pd.DataFrame:
    """The group of everybody who is told of, by ``user_id``; the bounds are those of all, so that each split
    of a dataset has the same groups.
    """
    columns = {
        f"{OWN}{name}": _kinds(people[name]) if holds is Holds.KINDS else _quarters(people[name], holds)
        for name, holds in grouping_attributes(people).items()
    }
    return pd.DataFrame(columns, index=pd.Index(people[USER_ID]))


def _kinds(values: pd.Series) -> NDArray[np.object_]:
    return values.replace("", NOT_TOLD).to_numpy(object)


def _quarters(values: pd.Series, holds: Holds) -> NDArray[np.object_]:
    numbers = numbers_in(values)
    if holds is Holds.NUMBERS:
        return in_quarters(numbers, lambda number: f"{number:,.10g}")
    if np.isfinite(numbers[(values != "").to_numpy()]).mean() > 0.5:  # years
        return in_quarters(numbers, lambda year: f"{year:.0f}", beyond="later")
    return in_quarters(np.floor(days_in(values)), _date, digits=9, beyond="later")


def _date(day: float) -> str:
    return str(np.datetime64(int(day), "D"))


def in_quarters(
    values: Numbers, written: Callable[[float], str], digits: int = 4, beyond: str = "more"
) -> NDArray[np.object_]:
    """(N,) names of up to four groups, as even as ties and bounds of so many ``digits`` allow: "up to 24",
    "25 to 31", "32 and more", of numbers that are not whole "over 24.5 to 31". Only quartiles are named, not
    the least and the largest value, which may be those of one person.
    """
    known = np.isfinite(values)
    cuts = np.quantile(values[known], QUARTERS, method="lower")
    bounds = np.unique([float(f"{cut:.{digits}g}") for cut in cuts])
    highs = [written(bound) for bound in bounds]
    if (values[known] % 1 == 0).all():
        lows = [written(bound + 1) for bound in bounds]
        last = f"{lows[-1]} and {beyond}"
    else:
        lows = [f"over {high}" for high in highs]
        last = lows[-1]
    between = [low if low == high else f"{low} to {high}" for low, high in zip(lows, highs[1:], strict=False)]
    names = np.array([f"up to {highs[0]}", *between, last], object)
    found = np.full(len(values), NOT_TOLD, object)
    found[known] = names[np.searchsorted(bounds, values[known], side="left")]
    return found
