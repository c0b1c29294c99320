"""What is published of noisy sums: numbers people can read, each with its 95 % interval from the known noise.

All of it follows from the noisy sums alone, which costs no ε (post-processing).
"""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from recsys_core.columns import (
    EPSILON,
    FROM_INTEREST,
    FROM_WINDOW,
    HIGH,
    INTEREST,
    LOW,
    N_USERS,
    SHARE,
    TO_INTEREST,
    TO_WINDOW,
    WINDOW,
)
from recsys_core.migration.arrays import Floats, Ints
from recsys_core.privacy import SMALLEST_GROUP
from recsys_core.release.noise import CONFIDENCE, Noisy, reach
from recsys_core.release.ratios import Spread, added_up, apart, on_simplex
from recsys_core.release.sums import UNITS


def people_table(people: Noisy, windows: Sequence[str]) -> pd.DataFrame:
    """``window``, ``n_users`` (never below 0), ``low``, ``high``. ``people``: of these (W,) ``windows``."""
    most = reach(people.scale, 1 - CONFIDENCE)
    told = {N_USERS: people.values, LOW: people.values - most, HIGH: people.values + most}
    return pd.DataFrame(
        {WINDOW: _text(windows), **{n: np.maximum(v, 0).astype(int) for n, v in told.items()}}
    )


def share_table(shares: Noisy, people: Noisy, windows: Sequence[str], interests: Ints) -> pd.DataFrame:
    """``window``, ``interest``, ``share``, ``low``, ``high``: every interest in every window; empty where a
    window may have fewer than ten people. ``shares``: (W, K); ``people``: (W,); ``interests``: (K,) ids.
    """
    n_windows, k = shares.values.shape
    mass = shares.values / UNITS
    whole = people.values.astype(np.float64)
    told = _fractions(mass, whole, apart(shares.scale / UNITS, people.scale))
    names = {WINDOW: _text(np.repeat(np.array(windows, object), k)), INTEREST: np.tile(interests, n_windows)}
    return pd.DataFrame(names | {name: values.ravel() for name, values in told.items()})


def flow_table(flows: Noisy, windows: Sequence[str], interests: Ints) -> pd.DataFrame:
    """``from_window``, ``to_window``, ``from_interest``, ``to_interest``, ``share`` of what was held in the
    first that went to the second, ``low``, ``high``: every pair; empty where what was held may come to fewer
    than ten people's whole attention. ``flows``: (W-1, K, K), of W ``windows``.
    """
    n_steps, k, _ = flows.values.shape
    mass = flows.values.reshape(n_steps * k, k) / UNITS
    told = _fractions(mass, mass.sum(axis=1), added_up(flows.scale / UNITS, k))
    step, row, column = (index.ravel() for index in np.indices(flows.values.shape))
    ends = np.array(windows, object)
    names = {FROM_WINDOW: _text(ends[step]), TO_WINDOW: _text(ends[step + 1])}
    ids = {FROM_INTEREST: interests[row], TO_INTEREST: interests[column]}
    return pd.DataFrame(names | ids | {name: values.ravel() for name, values in told.items()})


def with_epsilon(table: pd.DataFrame, epsilon: float) -> pd.DataFrame:
    """The table with the ε of the whole release in each row, so that no number goes without it."""
    return table.assign(**{EPSILON: epsilon})


def _fractions(mass: Floats, whole: Floats, spread: Spread) -> dict[str, Floats]:
    """Shares of each row of ``mass`` (N, K) in ``whole`` (N,) and their intervals; (N, K), NaN in rows where
    the whole may be under ten.
    """
    share, low, high = (np.full(mass.shape, np.nan) for _ in range(3))
    enough = whole - spread.of_whole >= SMALLEST_GROUP
    share[enough] = on_simplex(mass[enough] / whole[enough, None])
    low[enough], high[enough] = spread.interval(mass[enough], whole[enough])
    return {SHARE: share, LOW: np.minimum(low, share), HIGH: np.maximum(high, share)}


def _text(values: Iterable[str]) -> pd.Series:
    return pd.Series(list(values), dtype="str")
