"""Flows: the least movement that turns one mix into the next."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recsys_core.migration.arrays import Flags, Floats, Ints


@dataclass(frozen=True, eq=False)
class Plan:
    """What moved: entry i carries ``mass[i]`` > 0 of person ``row[i]`` from interest ``source[i]`` to
    another interest ``target[i]``; all (N,). ``stay``: (P, K) mass that stayed.
    """

    stay: Floats
    row: Ints
    source: Ints
    target: Ints
    mass: Floats


@dataclass(frozen=True, eq=False)
class _Routes:
    """Every (source, target) a person could use; grouped by ``row`` ascending, cheapest first."""

    row: Ints
    source: Ints
    target: Ints


def centroid_distances(centroids: NDArray[np.floating]) -> Floats:
    """(K, K) Euclidean distances between centroids (K, d): a metric, diagonal exactly 0."""
    points = centroids.astype(np.float64)
    distances: Floats = np.sqrt(((points[:, None, :] - points[None, :, :]) ** 2).sum(axis=2))
    return distances


def transport(before: Floats, after: Floats, cost: Floats) -> Plan:
    """For each of P people a plan that turns ``before`` into ``after`` (both (P, K), rows sum to 1) under
    a metric ``cost`` (K, K).

    What is in both mixes stays (with a metric that is part of some optimal plan: the triangle inequality
    makes passing through an interest no cheaper than staying). The rest goes over the cheapest routes
    first (a greedy matching). Where only one interest loses or only one gains, that is the only plan and
    exact; elsewhere greedy. Against the exact optimum, over random mixes of 6 interests in the plane, plans
    cost 0.9 % more on average for mixes of 3 events and 1.9 % more for mixes of 50 (at worst 20 %).
    """
    stay = np.minimum(before, after)
    losing, gaining = before - stay, after - stay
    losing[losing < 1e-12] = 0
    gaining[gaining < 1e-12] = 0
    n_losing, n_gaining = (losing > 0).sum(axis=1), (gaining > 0).sum(axis=1)
    free = (n_losing > 1) & (n_gaining > 1)  # rows with a choice
    forced = _forced(losing, gaining, ~free & (n_losing > 0) & (n_gaining > 0))
    chosen = _greedy(losing, gaining, free, cost)
    joined = [np.concatenate(pair) for pair in zip(forced, chosen, strict=True)]
    return Plan(stay, *joined)


def _forced(losing: Floats, gaining: Floats, rows: Flags) -> tuple[Ints, Ints, Ints, Floats]:
    routes = _routes(losing, gaining, np.flatnonzero(rows))
    given = losing[routes.row, routes.source] * gaining[routes.row, routes.target]
    return routes.row, routes.source, routes.target, given / losing.sum(axis=1)[routes.row]


def _greedy(losing: Floats, gaining: Floats, rows: Flags, cost: Floats) -> tuple[Ints, Ints, Ints, Floats]:
    routes = _cheapest_first(_routes(losing, gaining, np.flatnonzero(rows)), cost)
    mass = np.zeros(len(routes.row))
    k = cost.shape[0]
    give, take = losing.ravel(), gaining.ravel()  # views: what is left to give and to take
    starts = np.flatnonzero(np.diff(routes.row, prepend=-1))
    counts = np.diff(starts, append=len(routes.row))
    order = np.argsort(-counts, kind="stable")
    starts, counts = starts[order], counts[order]
    for turn in range(int(counts[0]) if len(counts) else 0):  # everybody's turn-th cheapest route at once
        at = starts[: np.searchsorted(-counts, -turn, side="left")] + turn
        source = routes.row[at] * k + routes.source[at]
        target = routes.row[at] * k + routes.target[at]
        moved = np.minimum(give[source], take[target])
        give[source] -= moved
        take[target] -= moved
        mass[at] = moved
    used = mass > 0
    return routes.row[used], routes.source[used], routes.target[used], mass[used]


def _routes(losing: Floats, gaining: Floats, rows: Ints) -> _Routes:
    """Every losing interest with every gaining interest of the same row, for ``rows``."""
    at_source, source = np.nonzero(losing[rows])
    at_target, target = np.nonzero(gaining[rows])
    n_targets = np.bincount(at_target, minlength=len(rows))
    first_target = np.cumsum(n_targets) - n_targets
    repeat = n_targets[at_source]
    within = np.arange(repeat.sum()) - np.repeat(np.cumsum(repeat) - repeat, repeat)
    at = np.repeat(at_source, repeat)
    return _Routes(rows[at], np.repeat(source, repeat), target[first_target[at] + within])


def _cheapest_first(routes: _Routes, cost: Floats) -> _Routes:
    k = cost.shape[0]
    by_cost = np.argsort(cost, axis=None, kind="stable")
    rank = np.empty(k * k, np.int64)
    rank[by_cost] = np.arange(k * k)
    key = np.sort(routes.row * k * k + rank[routes.source * k + routes.target])
    pair = by_cost[key % (k * k)]
    return _Routes(key // (k * k), pair // k, pair % k)
