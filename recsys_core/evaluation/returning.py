"""Do enough people come back for movement of interests to be measured, and by which windows of time?"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recsys_core.catalogue.coverage import ENOUGH_USERS, FEW_USERS, Evidence
from recsys_core.catalogue.dataset import Dataset
from recsys_core.logs.windows import WindowSize, window_index, windows_between

Rows = NDArray[np.int64]
Z: Final = 1.96


@dataclass(frozen=True)
class Movement:
    """Whether movement can be measured in ``domain`` ("" for all together) by windows of ``size``.

    ``n_users``: all its users; ``n_returning``: those active in two neighbouring windows at least once;
    ``n_best``: of the pair of neighbouring windows with the most such users; ``n_pairs`` pairs there are, of
    which ``n_usable`` have ``FEW_USERS`` or more. ``half_width``: fraction in [0, 1], of the 95 % interval
    of a share among the ``n_best``; 1 where there is nobody.
    """

    domain: str
    size: WindowSize
    n_users: int
    n_returning: int
    n_best: int
    n_pairs: int
    n_usable: int
    half_width: float
    evidence: Evidence


def movements(dataset: Dataset) -> tuple[Movement, ...]:
    """All domains together where there are several, then each, every one by the shortest windows that are
    enough; where none are, by those with the most people coming back, the longest where they tie.
    """
    if not dataset.n_events:
        return ()
    first, last = int(dataset.time.min()), int(dataset.time.max())
    placed = {}
    for size in WindowSize:
        windows = windows_between(first, last, size)
        placed[size] = (window_index(dataset.time, windows), len(windows))
    found = [_shortest(dataset, domain, placed) for domain in range(-1, len(dataset.domains))]
    return tuple(found[1:] if len(dataset.domains) == 1 else found)


def returning(user: Rows, window: Rows, n_windows: int) -> tuple[int, Rows]:
    """Users active in two neighbouring windows at least once; and (W - 1,) users by pair of windows.

    ``user`` (E,) ascending, ``window`` (E,) ascending within a user.
    """
    fresh = np.append(True, (np.diff(user) != 0) | (np.diff(window) != 0))[: len(user)]
    user, window = user[fresh], window[fresh]
    back = np.flatnonzero((np.diff(user) == 0) & (np.diff(window) == 1))
    by_pair = np.bincount(window[back], minlength=n_windows - 1)
    return len(np.unique(user[back])), by_pair.astype(np.int64)


def share_half_width(n: int) -> float:
    """Half-width of the 95 % interval of a share among ``n`` people, as a fraction, at its widest (a share
    of one half): 1.96 · √(¼ / n), the normal approximation (Laplace 1812); 1 for nobody.
    """
    return min(1.0, Z * float(np.sqrt(0.25 / n))) if n else 1.0


def _shortest(dataset: Dataset, domain: int, placed: dict[WindowSize, tuple[Rows, int]]) -> Movement:
    inside = slice(None) if domain < 0 else dataset.event_domain == domain
    name, user = dataset.domains[domain] if domain >= 0 else "", dataset.user[inside]
    found = [_movement(name, size, user, window[inside], n) for size, (window, n) in placed.items()]
    return next((one for one in found if one.evidence is Evidence.ENOUGH), max(found[::-1], key=_strength))


def _movement(name: str, size: WindowSize, user: Rows, window: Rows, n_windows: int) -> Movement:
    n_returning, by_pair = returning(user, window, n_windows)
    n_best, n_usable = int(by_pair.max(initial=0)), int((by_pair >= FEW_USERS).sum())
    enough = n_best >= ENOUGH_USERS and n_usable > 1
    evidence = Evidence.ENOUGH if enough else Evidence.SOME if n_usable else Evidence.TOO_FEW
    return Movement(
        name,
        size,
        len(np.unique(user)),
        n_returning,
        n_best,
        len(by_pair),
        n_usable,
        share_half_width(n_best),
        evidence,
    )


def _strength(one: Movement) -> tuple[bool, int, bool]:
    return one.evidence is Evidence.SOME, one.n_best, one.n_pairs > 0
