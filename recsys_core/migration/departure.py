"""Departure: how far what people take in a window lies from what they took before it, beside chance."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from recsys_core.columns import DRIFT, EXPECTED, HIGH, LOW, N_EVENTS, N_USERS, WINDOW
from recsys_core.logs.windows import Window
from recsys_core.migration.arrays import Floats, Ints
from recsys_core.migration.layout import Layout
from recsys_core.migration.shuffling import Shuffler

SHUFFLES: Final = 199
"""With so many, the band between the 5th smallest and the 5th largest holds 95 % of what chance does."""

FEWEST_EVENTS: Final = 3
"""One person's window is told with so many events in it and before it: fewer are no mix."""

_OUTSIDE: Final = 0.025
_DIGITS: Final = 12  # sums of the same numbers in another order are the same number


def departures(
    layout: Layout,
    interest: Ints,
    n_interests: int,
    windows: Sequence[Window],
    rng: np.random.Generator,
    *,
    fewest_events: int = FEWEST_EVENTS,
    fewest_users: int = 1,
    shuffles: int = SHUFFLES,
) -> pd.DataFrame:
    """One row per window that can be told: ``window`` (id), ``drift``, ``expected``, ``low``, ``high`` (all
    fractions in [0, 1]), ``n_events`` in it, ``n_users`` it rests on.

    ``layout``: the events of one person or of several; ``interest``: (I,) in 0 … K-1 of each item.
    Drift is the total variation distance ½ Σ|q - p| (Levin, Peres & Wilmer 2017, "Markov Chains and Mixing
    Times", proposition 4.2) between the mix q of the window and the mix p of everything before it: the
    share of the activity that would have to be other for the window to look like the past. For several
    people, q and p are the means of their own q and p, over those with at least ``fewest_events`` in the
    window and as many before it; a window needs ``fewest_users`` of them.

    ``expected`` is the mean and ``low`` to ``high`` the 95 % band of the same number when each one's items
    are dealt anew to that one's own times, whole days together (see ``shuffling``). The band lies between
    two order statistics of the shuffles, so that a window where the order of events means nothing falls
    outside with a chance of 5 %, less where many shuffles tie (Davison & Hinkley 1997, "Bootstrap Methods
    and their Application", section 4.2). ``shuffles``: 39 or more.
    """
    past = _Past(layout, interest, n_interests, fewest_events, fewest_users)
    told = past.windows
    if not len(told):
        return _frame([], np.empty((0, 4)), np.empty((0, 2), np.int64))
    drift, shuffler = past.departure(np.arange(len(layout.user))), Shuffler(layout)
    shuffled = np.sort([past.departure(shuffler.order(rng)) for _ in range(shuffles)], axis=0)
    out = max(1, int(_OUTSIDE * (shuffles + 1)))
    values = np.column_stack([drift, shuffled.mean(axis=0), shuffled[out - 1], shuffled[-out]])
    return _frame([windows[w].id for w in told], values, past.counts)


class _Past:
    """Each user-window beside what the same user did before it."""

    def __init__(
        self, layout: Layout, interest: Ints, n_interests: int, fewest_events: int, fewest_users: int
    ) -> None:
        n_events = np.bincount(layout.slot, minlength=layout.n_slots)
        until = np.cumsum(n_events) - n_events
        first = np.searchsorted(layout.slot_user, layout.slot_user)  # the user's first slot
        told = (n_events >= fewest_events) & (until - until[first] >= fewest_events)
        people = np.bincount(layout.slot_window[told], minlength=int(layout.slot_window.max(initial=0)) + 1)
        slots = np.flatnonzero(told & (people[layout.slot_window] >= fewest_users))
        self._slots = slots[np.argsort(layout.slot_window[slots], kind="stable")]
        self._first = first[self._slots]
        self._window = layout.slot_window[self._slots]
        self.windows, self._starts = np.unique(self._window, return_index=True)
        self._n_users = people[self._window]
        self._n_events = n_events[self._slots]
        self._weight, self._interest = layout.weight, interest[layout.item]
        self._shape = (layout.n_slots, n_interests)
        self._events = np.append(until, n_events.sum())  # those of slot s: events[s] to events[s + 1]
        self._slots_until = self._slots - self._first + 1
        self._rows = np.append(0, np.cumsum(self._slots_until))
        self._past = _ranges(self._first, self._slots_until)

    @property
    def counts(self) -> Ints:
        """(V, 2) events and users of each window that is told."""
        events = np.add.reduceat(self._n_events, self._starts)
        return np.column_stack([events, self._n_users[self._starts]]).astype(np.int64)

    def departure(self, order: Ints) -> Floats:
        """(V,) where each event gets the item and weight of the event that ``order`` (E,) names.

        A window's mean mix less the mean mix before it is a weighted sum of what was taken in each
        user-window: plus one over its total in the window itself, minus one over their total before.
        """
        weight = self._weight[order]
        taken = csr_array((weight, self._interest[order], self._events), self._shape)  # (M, K)
        until = np.append(0.0, np.cumsum(np.add.reduceat(weight, self._events[:-1])))
        now, then = until[self._slots + 1] - until[self._slots], until[self._slots] - until[self._first]
        share = np.repeat(-1 / (self._n_users * then), self._slots_until)
        share[self._rows[1:] - 1] = 1 / (self._n_users * now)
        rows = np.append(self._rows[self._starts], len(share))
        apart = csr_array((share, self._past, rows), (len(self.windows), self._shape[0])) @ taken
        return np.asarray((np.abs(apart.toarray()).sum(axis=1) / 2).round(_DIGITS))


def _ranges(starts: Ints, lengths: Ints) -> Ints:
    """So many whole numbers, ``lengths`` (N,), from each of ``starts`` (N,) on, one range after the other."""
    within = np.arange(int(lengths.sum())) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return np.asarray(np.repeat(starts, lengths) + within, np.int64)


def _frame(windows: Sequence[str], values: Floats, counts: Ints) -> pd.DataFrame:
    frame = pd.DataFrame(values, columns=[DRIFT, EXPECTED, LOW, HIGH])
    frame.insert(0, WINDOW, pd.Series(windows, dtype="str"))
    return frame.assign(**{N_EVENTS: counts[:, 0], N_USERS: counts[:, 1]})
