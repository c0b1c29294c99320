"""Drift of each user: did the order of this one's events mean anything?"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from recsys_core.columns import DRIFT, EXPECTED, FLAGGED, N_EVENTS, P_VALUE, Q_VALUE, USER, WINDOW
from recsys_core.logs.windows import Window
from recsys_core.migration.arrays import Floats, Ints
from recsys_core.migration.crowd import Crowd, chunks
from recsys_core.migration.discoveries import ALPHA, false_discovery_rates
from recsys_core.migration.layout import Layout
from recsys_core.migration.shuffling import Shuffler
from recsys_core.migration.tail import Tail
from recsys_core.migration.taste import FOLDS, Taste
from recsys_core.progress import Progress

FEWEST_EVENTS: Final = 10
"""Users with fewer events are not tested: too few orders of events exist to call one unusual."""

SHORTEST_SIDE: Final = 3
"""A change needs so many events before it and after it."""

_CHUNK_EVENTS: Final = 30_000
_NONE: Final = 1e-9


def user_drift(
    crowd: Crowd,
    taste: Taste,
    windows: Sequence[Window],
    rng: np.random.Generator,
    shuffles: int,
    progress: Progress,
) -> pd.DataFrame:
    """The frame ``Migration.users``: users with at least ``FEWEST_EVENTS`` events and varied interests.

    Drift is the largest fraction, in [0, 1], of the spread of a user's events around their mean, as points
    of ``taste`` in the view that shows most others to have changed, that one change of mean at one moment
    explains (CUSUM with an unknown moment, Page 1954; the R² of a step). p compares it with shuffles of the
    same user's items among the same times, so activity and breadth of taste play no part.
    """
    tested, done = crowd.narrowed(_testable), 0
    views: list[list[pd.DataFrame]] = [[_People.nobody()] for _ in taste.views]
    for part in chunks(tested, _CHUNK_EVENTS):
        people = _People(part, taste)
        for found, more in zip(views, people.test(windows, rng, shuffles, progress), strict=True):
            found.append(more)
        done += part.n_events
        progress.advance(done, tested.n_events, f"{done:,} of {tested.n_events:,} events")
    users = _as_others_see_best([pd.concat(found[1:] or found, ignore_index=True) for found in views])
    q = false_discovery_rates(users[P_VALUE].to_numpy())
    return users.assign(**{Q_VALUE: q, FLAGGED: q <= ALPHA})


def _as_others_see_best(views: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Each user's row in the view in which most users of the other folds have p ≤ ``ALPHA``.

    Nobody's own order of events has a say in how they are looked at, so their p stays what it is.
    """
    fold = views[0][USER].to_numpy() % FOLDS
    seen = np.stack([view[P_VALUE].to_numpy() <= ALPHA for view in views])
    best = np.array([seen[:, fold != each].sum(axis=1).argmax() for each in range(FOLDS)])
    chosen = [view[best[fold] == at] for at, view in enumerate(views)]
    users: pd.DataFrame = pd.concat(chosen).sort_values(USER, ignore_index=True)
    return users


class _People:
    """Some users' events as points of each view, in order of time."""

    def __init__(self, layout: Layout, taste: Taste) -> None:
        """``taste``: gives the points of each event."""
        self._user, self._shuffler = layout.user, Shuffler(layout)
        self._window = layout.slot_window[layout.slot]
        self._least_p = _least_p(layout.user, layout.item, self._shuffler)
        self._starts = np.flatnonzero(np.diff(layout.user, prepend=-1))
        self._n = np.diff(self._starts, append=len(layout.user))
        which = np.repeat(np.arange(len(self._starts)), self._n)
        self._views = [self._centred(points, which) for points in taste.of(layout.user, layout.item)]
        self._spread = [np.add.reduceat((points**2).sum(axis=1), self._starts) for points in self._views]
        before = np.arange(len(which)) - self._starts[which] + 1  # events up to and with this one
        after = self._n[which] - before
        enough = (before >= SHORTEST_SIDE) & (after >= SHORTEST_SIDE)
        allowed = enough & (np.diff(layout.time, append=-1) != 0)  # no change between equal times
        self._gain = np.where(allowed, self._n[which] / np.maximum(before * after, 1), 0.0)

    def test(
        self, windows: Sequence[Window], rng: np.random.Generator, shuffles: int, progress: Progress
    ) -> list[pd.DataFrame]:
        """Drift in each view of everybody whose interests vary, against ``shuffles`` shuffles."""
        steps = [self._steps(points) for points in self._views]
        tail = Tail(self._strongest(steps))
        for _ in range(shuffles):
            progress.check_cancelled()
            order = self._shuffler.order(rng)
            tail.add(self._strongest([self._steps(points[order]) for points in self._views]))
        drift, expected, p = self._strongest(steps), tail.mean, np.maximum(tail.p(), self._least_p)
        varied = np.max(self._spread, axis=0) > _NONE
        return [
            self._frame(
                self._window[self._turning_points(steps[at])], drift[at], expected[at], p[at], windows
            )[varied]
            for at in range(len(steps))
        ]

    @staticmethod
    def nobody() -> pd.DataFrame:
        """The frame of no users."""
        kinds = {USER: "i8", WINDOW: "str", N_EVENTS: "i8", DRIFT: "f8", EXPECTED: "f8", P_VALUE: "f8"}
        return pd.DataFrame(columns=list(kinds)).astype(kinds)

    def _frame(
        self, since: Ints, drift: Floats, expected: Floats, p: Floats, windows: Sequence[Window]
    ) -> pd.DataFrame:
        return pd.DataFrame(
            {
                USER: self._user[self._starts],
                WINDOW: pd.Series([windows[w].id for w in since], dtype="str"),
                N_EVENTS: self._n,
                DRIFT: drift,
                EXPECTED: expected,
                P_VALUE: p,
            }
        )

    def _centred(self, points: Floats, which: Ints) -> Floats:
        means = np.add.reduceat(points, self._starts, axis=0) / self._n[:, None]
        return np.asarray(points - means[which])

    def _steps(self, points: Floats) -> Floats:
        """(E,) spread explained by a change right after each event; 0 where no change may be."""
        running = np.cumsum(points, axis=0)  # points are centred per user, so each user starts from 0
        explained: Floats = np.einsum("ed,ed->e", running, running) * self._gain
        return explained

    def _strongest(self, steps: Sequence[Floats]) -> Floats:
        """(V, people) the fraction that the strongest change explains, in each view."""
        parts = [
            np.maximum.reduceat(each, self._starts) / np.maximum(spread, _NONE)
            for each, spread in zip(steps, self._spread, strict=True)
        ]
        return np.stack(parts)

    def _turning_points(self, steps: Floats) -> Ints:
        """(people,) the first event after each one's strongest change."""
        best = np.repeat(np.maximum.reduceat(steps, self._starts), self._n)
        at = np.where(steps >= best, np.arange(len(steps)), len(steps))
        last = self._starts + self._n - 1
        return np.asarray(np.minimum(np.minimum.reduceat(at, self._starts) + 1, last))


def _least_p(user: Ints, items: Ints, shuffler: Shuffler) -> Floats:
    """(people,) the chance that a shuffle gives the very same order of items or its mirror image: no p
    can be less, though a fitted curve without an end would say so.

    With n events of which n_c are of item c there are n! / Π n_c! orders, and never more than s! of s
    sittings.
    """
    from scipy.special import gammaln

    n_items = int(items.max()) + 1
    pairs, counts = np.unique(user * n_items + items, return_counts=True)
    people, which = np.unique(pairs // n_items, return_inverse=True)
    events = np.bincount(which, counts)
    orders = gammaln(events + 1) - np.bincount(which, gammaln(counts + 1))
    sittings = shuffler.sittings()[people]
    floor: Floats = np.minimum(2 * np.exp(-np.minimum(orders, gammaln(sittings + 1))), 1.0)
    return floor


def _testable(layout: Layout) -> Layout:
    n_users = int(layout.user[-1]) + 1 if layout.n_events else 0
    enough = np.bincount(layout.user, minlength=n_users) >= FEWEST_EVENTS
    later = (np.diff(layout.user) == 0) & (np.diff(layout.time) > 0)
    return layout.select_users(enough & (np.bincount(layout.user[1:][later], minlength=n_users) > 0))
