"""How concentrated events are on few items, domain by domain."""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recsys_core.catalogue.dataset import Dataset
from recsys_core.columns import DOMAIN, N_ITEMS, SHARE

GINI: Final = "gini"
TOP: Final = "top"
TOPS: Final = (0.01, 0.1, 0.2)
"""Fractions of the items, the most taken first, whose share of the events is told."""

_CURVE: Final = (0.0, 0.001, 0.002, 0.005, *(step / 100 for step in range(1, 101)))


def long_tail(dataset: Dataset) -> pd.DataFrame:
    """A row per domain with events: ``domain``; ``n_items`` taken at all; ``top_1``, ``top_10``, ``top_20``:
    fraction of the events, in [0, 1], on that percentage of them, the most taken first; ``gini`` in [0, 1);
    ``once``: items with a single event; ``never``: items of the catalogue with none.
    """
    rows = []
    for index, domain in enumerate(dataset.domains):
        events = _events(dataset, index)
        taken = events[events > 0]
        if len(taken):
            tops = dict(zip(("top_1", "top_10", "top_20"), share_of_top(taken, TOPS).tolist(), strict=True))
            once, never = int((taken == 1).sum()), int((events == 0).sum())
            row = {DOMAIN: domain, N_ITEMS: len(taken), **tops, GINI: gini(taken)}
            rows.append({**row, "once": once, "never": never})
    return pd.DataFrame(rows)


def concentration(dataset: Dataset) -> pd.DataFrame:
    """The curve behind ``long_tail``: ``domain``, ``top`` (fraction of the items taken, most taken first),
    ``share`` (fraction of the events on them), both in [0, 1] and ascending. It is the Lorenz curve
    (Lorenz 1905) read from the richest end; the diagonal means that all items are taken alike.
    """
    parts = []
    for index, domain in enumerate(dataset.domains):
        events = _events(dataset, index)
        if events.any():
            share = share_of_top(events[events > 0], _CURVE)
            parts.append(pd.DataFrame({DOMAIN: domain, TOP: _CURVE, SHARE: share}))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[DOMAIN, TOP, SHARE])


def share_of_top(events: NDArray[np.int64], tops: tuple[float, ...]) -> NDArray[np.float64]:
    """Fractions of all events on the fractions ``tops`` of the items, by ``events`` (I,) of each item; part
    of an item counts in part.
    """
    reached = np.append(0, np.cumsum(np.sort(events)[::-1])) / events.sum()
    found: NDArray[np.float64] = np.interp(tops, np.linspace(0, 1, len(events) + 1), reached)
    return found


def gini(events: NDArray[np.int64] | NDArray[np.float64]) -> float:
    """Gini's coefficient of ``events`` (I,), in [0, 1): 0 where all items have as many, near 1 where one has
    all. G = Σ (2i - n - 1) x_i / (n Σ x), x ascending, i from 1 (Gini 1912).
    """
    n, ordered = len(events), np.sort(events)
    return float(((2 * np.arange(1, n + 1) - n - 1) * ordered).sum() / (n * ordered.sum()))


def _events(dataset: Dataset, domain: int) -> NDArray[np.int64]:
    """Events of each item of a domain."""
    events = np.bincount(dataset.item, minlength=dataset.n_items)
    inside: NDArray[np.int64] = events[dataset.item_domain == domain]
    return inside
