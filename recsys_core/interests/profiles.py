"""Where each user's interest stood in each window."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from recsys_core.catalogue.dataset import PIECE_EVENTS, Dataset
from recsys_core.interests.directions import unit
from recsys_core.interests.expected import expected_items
from recsys_core.interests.interests import Interests
from recsys_core.logs.windows import Window, window_index

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]
_Vectors = Callable[[Dataset, Rows, Rows, Rows], Floats]

HALF_LIFE_DAYS = 30.0
_DAY = 86_400


@dataclass(frozen=True, eq=False)
class UserWindows:
    """One row per user and window in which the user has events; sorted by user, then window.

    ``user``: (N,) int64 row numbers. ``window``: (N,) int64 index into ``window_ids``.
    ``vector``: (N, dim) float32 unit length, zero where none of the events' items has a vector.
    ``n_events``: (N,) int64. ``interest``: (L, N) int64 the interest id with the most weight in that
    window at every level. ``domain``: (N,) int64 the domain with the most weight. Ties go to the lower
    id.
    """

    user: NDArray[np.int64]
    window: NDArray[np.int64]
    vector: NDArray[np.float32]
    n_events: NDArray[np.int64]
    interest: NDArray[np.int64]
    domain: NDArray[np.int64]
    window_ids: tuple[str, ...]

    def __len__(self) -> int:
        """N."""
        return len(self.user)

    def latest(self) -> NDArray[np.int64]:
        """Rows of each user's last window, ascending."""
        return np.flatnonzero(np.append(self.user[1:] != self.user[:-1], np.ones(min(1, len(self)), bool)))


def user_window_vectors(
    dataset: Dataset,
    windows: Sequence[Window],
    interests: Interests,
    item_vectors: NDArray[np.float32],
    event_states: NDArray[np.float32] | None = None,
) -> UserWindows:
    """User-interest vectors per user and window.

    With ``event_states`` (E, dim), the interest state after each event: what the state after the last
    event in the window asks for, see ``expected_items``. Without: the mean of the unit ``item_vectors``
    (I, dim) of the window's events, weighted by the event's weight and by
    0.5 ** (days before the user's last event in the window / 30).
    """
    directions, parts, at = unit(item_vectors), list[UserWindows](), 0
    for piece in dataset.pieces(PIECE_EVENTS):
        if event_states is None:
            how = partial(_faded_mean, directions=directions)
        else:
            how = partial(_expected, states=event_states[at : at + piece.n_events], item_vectors=item_vectors)
        parts.append(_of_piece(piece, windows, interests, how))
        at += piece.n_events
    return _joined(parts)


def _of_piece(
    dataset: Dataset, windows: Sequence[Window], interests: Interests, vectors: _Vectors
) -> UserWindows:
    index = window_index(dataset.time, windows)
    events = np.flatnonzero(index >= 0)
    key = dataset.user[events] * max(1, len(windows)) + index[events]
    _, first, row, n_events = np.unique(key, return_index=True, return_inverse=True, return_counts=True)
    last = events[first + n_events - 1]
    weight = dataset.weight[events].astype(np.float64)
    item = dataset.item[events]
    ids = [_heaviest(row, level[item], weight, len(last)) for level in interests.item_interest]
    return UserWindows(
        user=dataset.user[last],
        window=index[last],
        vector=vectors(dataset, events, last, row),
        n_events=n_events.astype(np.int64),
        interest=np.stack(ids),
        domain=_heaviest(row, dataset.item_domain[item], weight, len(last)),
        window_ids=tuple(window.id for window in windows),
    )


def _expected(
    dataset: Dataset, events: Rows, last: Rows, row: Rows, states: Floats, item_vectors: Floats
) -> Floats:
    """(N, dim) what the states (E, dim) after the ``last`` (N,) events ask for."""
    del dataset, events, row
    return unit(expected_items(states[last], item_vectors))


def _faded_mean(dataset: Dataset, events: Rows, last: Rows, row: Rows, directions: Floats) -> Floats:
    """(N, dim) of the ``directions`` (I, dim) of the ``events`` of each of N rows, ``row``: which that is."""
    age = (dataset.time[last][row] - dataset.time[events]) / _DAY
    fading = dataset.weight[events].astype(np.float64) * 0.5 ** (age / HALF_LIFE_DAYS)
    return unit(_sum_rows(row, dataset.item[events], fading, directions, len(last)))


def _joined(parts: Sequence[UserWindows]) -> UserWindows:
    columns = ("user", "window", "vector", "n_events", "domain")
    joined = {name: np.concatenate([getattr(part, name) for part in parts]) for name in columns}
    interest = np.concatenate([part.interest for part in parts], axis=1)
    return UserWindows(**joined, interest=interest, window_ids=parts[0].window_ids)


def _sum_rows(
    row: NDArray[np.int64],
    item: NDArray[np.int64],
    weight: NDArray[np.float64],
    vectors: NDArray[np.float32],
    n_rows: int,
) -> NDArray[np.float32]:
    """(n_rows, dim): per row the weighted sum of its events' item vectors."""
    from scipy.sparse import csr_array

    share = csr_array((weight.astype(np.float32), (row, item)), (n_rows, len(vectors)))
    return np.asarray(share @ vectors, np.float32)


def _heaviest(
    row: NDArray[np.int64], code: NDArray[np.int64], weight: NDArray[np.float64], n_rows: int
) -> NDArray[np.int64]:
    """(n_rows,): the code with the most weight in each row; the lowest where several have it."""
    width = int(code.max(initial=0)) + 1
    cell, place = np.unique(row * width + code, return_inverse=True)
    total = np.bincount(place, weights=weight, minlength=len(cell))
    order = np.lexsort((cell, -total, cell // width))
    firsts = np.unique(cell[order] // width, return_index=True)[1]
    best = cell[order][firsts] % width
    assert len(best) == n_rows  # noqa: S101
    return np.asarray(best, np.int64)
