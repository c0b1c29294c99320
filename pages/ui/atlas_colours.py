"""What the atlas can be coloured by, for titles and for people."""

from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pages.ui.colouring import Colouring, Form, by_amount, by_kind
from pages.ui.colours import domain_colours, interest_colours
from recsys_core.catalogue.attributes import Holds, attributes_of, days_in, numbers_in
from recsys_core.catalogue.dataset import Dataset
from recsys_core.columns import DRIFT, INTEREST, USER
from recsys_core.interests.interests import Interests
from recsys_core.migration.migration import Migration

_DAY = 86_400


class ColourBy(StrEnum):
    """What the colour of a point stands for; a title can also be coloured by any of its attributes."""

    INTEREST = "interest"
    DOMAIN = "domain"
    TIME = "time"
    ACTIVITY = "activity"
    DRIFT = "drift"


def attribute_choices(items: pd.DataFrame) -> dict[str, Holds]:
    """The attributes of ``items`` by what the picker calls them; none is called like a ``ColourBy``."""
    own = set(ColourBy)
    return {f"{a} (attribute)" if a in own else a: holds for a, holds in attributes_of(items).items()}


def interests_coloured(interests: Interests, level: int, held: NDArray[np.int64]) -> Colouring:
    """Points with the interest ids ``held`` (N,) of one level; the names stand on the map."""
    colours, ids = interest_colours(interests), interests.at_level(level)[INTEREST].to_list()
    return Colouring(held - int(ids[0]), tuple(colours[int(i)] for i in ids))


def titles_coloured(dataset: Dataset, rows: NDArray[np.int64], by: str) -> Colouring:
    """The items ``rows`` by domain, time, activity or an attribute, as ``attribute_choices`` calls it."""
    if by == ColourBy.DOMAIN:
        return _domains(dataset, dataset.item_domain[rows])
    if by == ColourBy.TIME:
        when = _mean_days(dataset)[rows]
        return by_amount(when, "Mean time of its events", Form.DATE)
    if by == ColourBy.ACTIVITY:
        return _events(np.bincount(dataset.item, minlength=dataset.n_items)[rows])
    return _attribute(dataset.items, rows, by)


def people_coloured(
    dataset: Dataset,
    rows: NDArray[np.int64],
    n_events: NDArray[np.int64],
    by: str,
    migration: Migration | None,
) -> Colouring:
    """The users ``rows`` by domain, last activity, ``n_events`` (N,) or drift; all grey without migration."""
    if by == ColourBy.DOMAIN:
        return _domains(dataset, _main_domain(dataset)[rows])
    if by == ColourBy.TIME:
        last = np.append(dataset.time, 0)[dataset.offsets[1:] - 1] / _DAY
        return by_amount(last[rows], "Last activity", Form.DATE)
    if by == ColourBy.ACTIVITY:
        return _events(n_events)
    drift = np.full(dataset.n_users, np.nan)
    if migration is not None:
        drift[migration.users[USER].to_numpy()] = migration.users[DRIFT]
    return by_amount(drift[rows], "Strength of change", Form.NUMBER)


def _domains(dataset: Dataset, held: NDArray[np.int64]) -> Colouring:
    colours = domain_colours(dataset.domains)
    return Colouring(held, tuple(colours[d] for d in dataset.domains), tuple(colours.items()))


def _events(n: NDArray[np.int64]) -> Colouring:
    return by_amount(np.where(n > 0, n, np.nan), "Events", Form.LOG)


def _mean_days(dataset: Dataset) -> NDArray[np.float64]:
    """(I,) mean day of an item's events since 1970; NaN where it has none."""
    n = np.bincount(dataset.item, minlength=dataset.n_items)
    total = np.bincount(dataset.item, dataset.time / _DAY, minlength=dataset.n_items)
    return np.divide(total, n, out=np.full(len(n), np.nan), where=n > 0)


def _main_domain(dataset: Dataset) -> NDArray[np.int64]:
    """(U,) the domain with most of a user's events."""
    width = len(dataset.domains)
    cells = np.bincount(dataset.user * width + dataset.event_domain, minlength=dataset.n_users * width)
    return cells.reshape(-1, width).argmax(axis=1)


def _attribute(items: pd.DataFrame, rows: NDArray[np.int64], by: str) -> Colouring:
    holds, column = attribute_choices(items).get(by), by.removesuffix(" (attribute)")
    values, what = items[column].iloc[rows], column.replace("_", " ").capitalize()
    if holds is Holds.NUMBERS:
        return by_amount(numbers_in(values), what, Form.NUMBER)
    if holds is Holds.DATES:
        return by_amount(days_in(values), what, Form.DATE)
    return by_kind(values, what)
