"""What comes next: the crowd's shares and each user's mix, by the method that did best before."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from recsys_core.columns import FORECAST, FROM_WINDOW, HIGH, INTEREST, LOW, SHARE, TO_WINDOW, USER
from recsys_core.logs.windows import Window, WindowSize, windows_between
from recsys_core.migration.arrays import Ints
from recsys_core.migration.comparison import SCORE_COLUMNS, compare_forecasters
from recsys_core.migration.forecasters import Expectation, Forecaster, MovingAverage
from recsys_core.migration.held_out import Tuned, whole_windows_with_returning
from recsys_core.migration.markov import HABIT, Markov
from recsys_core.migration.mixes import Mixes
from recsys_core.migration.next_shares import next_shares
from recsys_core.migration.smoothing import crowd_mix
from recsys_core.privacy import SMALLEST_GROUP

LIKELIEST: Final = 5
"""So many interests of every user's next mix are kept."""

_TOGETHER: Final = 1_000_000
"""Mixes that are gone through at once."""

TOO_FEW_WINDOWS: Final = (
    f"A forecast needs four whole windows, in three of which at least {SMALLEST_GROUP} people came back: "
    "one to learn from, one to choose a method by, one to judge it on. Try shorter windows."
)
ONE_INTEREST: Final = "There is only one interest, so there is nothing to forecast."


@dataclass(frozen=True, eq=False)
class Forecast:
    """``shares``, ``scores``, ``mixes``: the frames ``forecast``, ``forecast_scores`` and ``next_mixes`` of
    a ``Migration``. ``lacking``: why they are empty, a sentence; "" where they are not.
    """

    shares: pd.DataFrame
    scores: pd.DataFrame
    mixes: pd.DataFrame
    lacking: str = ""


def forecast_next(
    people: Mixes,
    windows: Sequence[Window],
    interests: Ints,
    size: WindowSize,
    rng: np.random.Generator,
    others: Sequence[Forecaster] = (),
) -> Forecast:
    """The window after the last whole one for the crowd, and the next active window for every user.

    ``interests``: (K,) ids by code. ``others``: forecasters of users beside persistence, EMA, Markov and
    both of these together; they must not have seen the last two whole windows in which people came back.
    """
    usable = whole_windows_with_returning(people, windows)
    if len(interests) < 2:
        return _nothing(ONE_INTEREST)
    if len(usable) < 3:
        return _nothing(TOO_FEW_WINDOWS)
    own = (MovingAverage(), Markov(people), Markov(people, HABIT))
    users = compare_forecasters(people, (*own, *others), usable[-2], usable[-1], rng)
    crowd = next_shares(people, own, len(windows) - windows[-1].partial)
    ends = windows[crowd.now].id, _following(windows, crowd.now, size).id
    shares = crowd.table.assign(from_window=ends[0], to_window=ends[1], interest=interests)
    return Forecast(
        shares[list(_SHARE_COLUMNS)].astype(_SHARE_COLUMNS),
        pd.concat([users.scores, crowd.scores], ignore_index=True),
        _next_mixes(users.chosen, people, len(windows), interests),
    )


_SHARE_COLUMNS: Final = {
    FROM_WINDOW: "str",
    TO_WINDOW: "str",
    INTEREST: "i8",
    **dict.fromkeys((SHARE, FORECAST, LOW, HIGH), "f8"),
}
_MIX_COLUMNS: Final = {USER: "i8", INTEREST: "i8", SHARE: "f4"}


def _nothing(lacking: str) -> Forecast:
    shares, scores, mixes = (
        pd.DataFrame(columns=list(kinds)).astype(kinds)
        for kinds in (_SHARE_COLUMNS, SCORE_COLUMNS, _MIX_COLUMNS)
    )
    return Forecast(shares, scores, mixes, lacking)


def _following(windows: Sequence[Window], at: int, size: WindowSize) -> Window:
    start = int(windows[at].end.timestamp())
    return windows_between(start, start, size)[0]


def _next_mixes(chosen: Tuned, people: Mixes, n_windows: int, interests: Ints) -> pd.DataFrame:
    """The likeliest interests of every user's next active window, by all that is known."""
    crowd = crowd_mix(people, n_windows)
    tables = [
        _likeliest(chosen.forecast(some, n_windows, crowd), interests) for some in people.pieces(_TOGETHER)
    ]
    return pd.concat(tables, ignore_index=True)


def _likeliest(expected: Expectation, interests: Ints) -> pd.DataFrame:
    top = np.argsort(-expected.share, axis=1, kind="stable")[:, :LIKELIEST]
    table = {
        USER: np.repeat(expected.user, top.shape[1]),
        INTEREST: interests[top.ravel()],
        SHARE: np.take_along_axis(expected.share, top, axis=1).ravel(),
    }
    return pd.DataFrame(table).astype(_MIX_COLUMNS)
