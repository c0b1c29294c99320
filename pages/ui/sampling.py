"""Some of many rows, never simply the first ones."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def stratified_rows(groups: NDArray[np.int64], limit: int, seed: int = 0) -> NDArray[np.int64]:
    """At most about ``limit`` row positions, every group by its share and none left empty; ascending."""
    if len(groups) <= limit:
        return np.arange(len(groups))
    order = np.random.default_rng(seed).permutation(len(groups))
    place = pd.Series(groups[order]).groupby(groups[order]).cumcount().to_numpy()
    size = np.bincount(groups)
    quota = np.maximum(1, size * limit // len(groups))
    return np.sort(order[place < quota[groups[order]]])


def spread_rows(rows: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """At most ``most`` of ``rows``, evenly spread over them, never the first ones."""
    if len(rows) <= most:
        return rows
    return rows[np.linspace(0, len(rows) - 1, most).astype(np.int64)] if most > 0 else rows[:0]
