"""Rising and fading: how each interest's share changed between two windows, with its interval."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from recsys_core.columns import AFTER, BEFORE, HIGH, INTEREST, LOW, SHIFT
from recsys_core.migration.arrays import Floats
from recsys_core.migration.mixes import Mixes


@dataclass(frozen=True, eq=False)
class ShareChange:
    """``table``: one row per interest, the largest rise first: ``interest``, ``before``, ``after`` (mean
    share over the users of each window), ``shift`` = after - before, ``low``, ``high`` (95 %).

    ``n_before``, ``n_after``: users of each window; ``n_both``: those in both.
    """

    table: pd.DataFrame
    n_before: int
    n_after: int
    n_both: int


def share_change(mixes: Mixes, first: int, second: int, interests: Sequence[int]) -> ShareChange:
    """From window ``first`` to ``second`` (positions); ``interests``: (K,) ids. Raises ValueError where
    either window has fewer than 2 users.

    The interval is shift ± 1.96 standard errors over users by the delta method: a user adds
    (x - mean after) / n_after - (y - mean before) / n_before, with 0 for the window they were not in, and the
    variance is the sum of squares of that over users (times n / (n - 1) in each window). Who is in both
    windows is so compared with themselves.
    """
    at = [np.flatnonzero(mixes.window == window) for window in (first, second)]
    if min(map(len, at)) < 2:
        raise ValueError(f"Windows of {len(at[0])} and {len(at[1])} users cannot be compared; 2 are needed.")
    (means_before, before), (means_after, after) = (_influence(mixes.share[rows]) for rows in at)
    users, place = np.unique(np.concatenate([mixes.user[rows] for rows in at]), return_inverse=True)
    moved = np.zeros((len(users), len(interests)))
    moved[place[len(at[0]) :]] += after
    moved[place[: len(at[0])]] -= before
    shift, error = means_after - means_before, np.sqrt((moved**2).sum(axis=0))
    table = pd.DataFrame(
        {
            INTEREST: np.asarray(interests, np.int64),
            BEFORE: means_before,
            AFTER: means_after,
            SHIFT: shift,
            LOW: shift - 1.96 * error,
            HIGH: shift + 1.96 * error,
        }
    ).sort_values(SHIFT, ascending=False, kind="stable", ignore_index=True)
    return ShareChange(table, len(at[0]), len(at[1]), len(at[0]) + len(at[1]) - len(users))


def _influence(share: Floats) -> tuple[Floats, Floats]:
    """(K,) mean of ``share`` (N, K), and (N, K) what each user adds to its error."""
    n, mean = len(share), share.mean(axis=0)
    return mean, (share - mean) / np.sqrt(n * (n - 1))
