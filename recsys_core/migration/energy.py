"""Energy distance between two crowds, beside what chance and the sample's size alone give."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from recsys_core.migration.arrays import Flags, Floats, Ints
from recsys_core.migration.tail import Tail

SPLITS: Final = 100
"""How often each crowd is cut into two random halves."""

_NONE: Final = 1e-12


@dataclass(frozen=True)
class Difference:
    """How far two crowds X and Y lie apart.

    ``distance``: energy distance D² = 2 E|X-Y| - E|X-X'| - E|Y-Y'| ≥ 0, in units of the places;
    ``noise``: its mean where users are exchanged; ``p`` in (0, 1].
    ``effect``: H = D² / (2 E|X-Y|) in [0, 1], the energy coefficient of inhomogeneity: 0 for crowds spread
    alike, 1 for two different points (Székely & Rizzo 2013, "Energy statistics", section 4).
    ``floor``, ``floor_high``: mean and 95 % quantile of the distance between random halves of one crowd, in
    units of ``effect``, at most 1.
    """

    distance: float
    effect: float
    noise: float
    p: float
    floor: float
    floor_high: float


def compare_crowds(
    places: Floats, user: Ints, late: Flags, rng: np.random.Generator, permutations: int
) -> Difference:
    """The crowd where ``late`` (N,) is true against the others; at least 2 rows of each.

    ``places``: (N, d); ``user``: (N,), each at most once per crowd. Null at user level: who is in both
    crowds swaps them by a coin, the others are dealt out anew.
    """
    squares = (places**2).sum(axis=1)
    apart = np.sqrt(np.maximum(squares[:, None] + squares[None, :] - 2 * places @ places.T, 0.0))
    np.fill_diagonal(apart, 0.0)
    distances = _energy(apart, np.column_stack([late, _relabelled(user, late, rng, permutations)]))
    tail = Tail(distances[0])
    for value in distances[1:]:
        tail.add(value)
    twice = max(2 * float(apart[np.ix_(late, ~late)].mean()), _NONE)
    floors = np.minimum(_between_halves(apart, late, rng) / twice, 1.0)
    distance, noise = float(distances[0]), float(tail.mean)
    return Difference(
        distance,
        min(distance / twice, 1.0),
        noise,
        float(tail.p()),
        float(floors.mean()),
        float(np.quantile(floors, 0.95)),
    )


def _relabelled(user: Ints, late: Flags, rng: np.random.Generator, n: int) -> Flags:
    """(N, n) other ways to tell early from late."""
    _, number, counts = np.unique(user, return_inverse=True, return_counts=True)
    both = counts[number] == 2
    dealt = np.empty((len(late), n), np.bool_)
    for turn in range(n):
        swap = rng.random(len(counts)) < 0.5
        dealt[:, turn] = late ^ (both & swap[number])
        dealt[~both, turn] = rng.permutation(late[~both])
    return dealt


def _between_halves(apart: Floats, late: Flags, rng: np.random.Generator) -> Floats:
    """(2 · SPLITS,) distances between halves of the same crowd, for crowds as large as the two compared.

    Halves of a and b users differ by more than whole crowds of n and m do, by chance alone; between samples
    of one population the distance has the mean E|X-X'| (1/n + 1/m), and all of it shrinks so in the limit.
    """
    n_late = int(late.sum())
    wanted = 1 / n_late + 1 / (len(late) - n_late)
    found = []
    for crowd in (np.flatnonzero(~late), np.flatnonzero(late)):
        half = len(crowd) // 2
        first = np.argsort(rng.random((len(crowd), SPLITS)), axis=0) < half
        scale = wanted / (1 / half + 1 / (len(crowd) - half))
        found.append(scale * _energy(apart[np.ix_(crowd, crowd)], first))
    return np.concatenate(found)


def _energy(apart: Floats, late: Flags) -> Floats:
    """(L,) energy distances for each column of ``late`` (N, L) under the distances ``apart`` (N, N)."""
    after = late.astype(np.float64)
    n_after = after.sum(axis=0)
    n_before = len(late) - n_after
    to_after, to_all = apart @ after, apart.sum(axis=1)
    within_after = (after * to_after).sum(axis=0)
    crossed = to_after.sum(axis=0) - within_after
    within_before = to_all.sum() - 2 * crossed - within_after
    distances: Floats = (
        2 * crossed / (n_after * n_before) - within_after / n_after**2 - within_before / n_before**2
    )
    return np.maximum(distances, 0.0)
