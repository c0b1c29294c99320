"""How often a real change of taste is seen: the first half of one person's history, then another's second."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from recsys_core.catalogue.dataset import Dataset
from recsys_core.interests.clusters import default_levels
from recsys_core.interests.finding import find_interests
from recsys_core.logs.windows import WindowSize, windows_between
from recsys_core.migration.drift import user_drift
from recsys_core.migration.layout import lay_out
from recsys_core.migration.taste import learn_taste
from recsys_core.progress import Silent
from tests.benchmarks.shop import Floats, shop, table

Ints = NDArray[np.int64]
SHUFFLES = 300
FEWEST = 20
SIZES = ((FEWEST, 39, 0.6), (40, 10**6, 0.8), (FEWEST, 10**6, 0.0))
"""Events from and to, and the share that is to be seen at 5 % false alarms."""
HEAD = (
    "events",
    "people",
    "flagged",
    "wanted",
    "energy of the halves",
    "ratio (1.2)",
    "alarms at p ≤ .05",
    "of energy",
)


@pytest.mark.parametrize("pair", [("food", "kitchen"), ("beauty", "toys")])
def test_splices_are_seen(pair: tuple[str, str], tmp_path: Path) -> None:
    dataset, vectors = shop(tmp_path, *pair)
    rng = np.random.default_rng(0)
    spliced, joined = _spliced(dataset, vectors, rng)
    people = np.flatnonzero(joined), np.flatnonzero(np.diff(dataset.offsets) >= FEWEST)
    real = [test(spliced, vectors, people[0]) for test in (_p_values, _energy_p_values)]
    n_real = np.diff(spliced.offsets)[people[0]]
    print(f"\n{' and '.join(pair)}: people joined from two halves who are flagged, where 5 % are of those")
    for said, shuffled in (
        ("whose items are dealt anew to their times", _items_shuffled(dataset, rng)),
        ("whose days are put in another order", _days_shuffled(dataset, rng)),
    ):
        null = [test(shuffled, vectors, people[1]) for test in (_p_values, _energy_p_values)]
        print(f"{said}:\n{table(HEAD, _rows(real, null, n_real, np.diff(shuffled.offsets)[people[1]]))}")


def _rows(
    real: Sequence[Floats], null: Sequence[Floats], n_real: Ints, n_null: Ints
) -> list[tuple[object, ...]]:
    """``real``, ``null``: p of the joined and of the shuffled, by our test and by the energy test."""
    rows: list[tuple[object, ...]] = []
    for low, high, wanted in SIZES:
        in_real, in_null = (n_real >= low) & (n_real <= high), (n_null >= low) & (n_null <= high)
        ours, energy = (_seen(p[in_real], none[in_null]) for p, none in zip(real, null, strict=True))
        alarms = [f"{(none[in_null] <= 0.05).mean():.3f}" for none in null]
        size = f"{low} to {high}" if high < 10**6 else f"{low} or more"
        told = (f"{ours:.2f}", wanted or "", f"{energy:.2f}", f"{ours / energy:.2f}")
        rows.append((size, int(in_real.sum()), *told, *alarms))
    return rows


def _spliced(dataset: Dataset, vectors: Floats, rng: np.random.Generator) -> tuple[Dataset, Ints]:
    """Everybody with 20 events or more goes on, after half of their events, with the second half of somebody
    of another main interest; and after how many events that is, 0 for who is as before.
    """
    levels = default_levels(int((vectors != 0).any(axis=1).sum()))
    interest = find_interests(dataset, vectors, levels, rng, Silent()).item_interest[0][dataset.item]
    n, starts = np.diff(dataset.offsets), dataset.offsets
    people = np.flatnonzero(n >= FEWEST)
    main = {u: np.bincount(interest[starts[u] : starts[u + 1]]).argmax() for u in people}
    events, joined = [np.arange(starts[u], starts[u + 1]) for u in range(dataset.n_users)], n * 0
    left = list(rng.permutation(people))  # nobody's second half is given twice
    for user in people:
        other = next((u for u in left if main[u] != main[user]), None)
        if other is None:
            continue
        left.remove(other)
        joined[user] = n[user] // 2
        late = np.arange(starts[other] + n[other] // 2, starts[other + 1])
        events[user] = np.concatenate([np.arange(starts[user], starts[user] + joined[user]), late])
    taken = np.concatenate(events)
    user = np.repeat(np.arange(dataset.n_users), [len(each) for each in events])
    time = dataset.time[taken] + np.where(
        _late(user, joined), 20 * 365 * 86_400, 0
    )  # after all that was first
    return replace(
        dataset, user=user, item=dataset.item[taken], time=time, weight=dataset.weight[taken]
    ), joined


def _late(user: Ints, joined: Ints) -> NDArray[np.bool_]:
    """(E,) whether an event lies behind the join of its user."""
    place = np.arange(len(user)) - np.searchsorted(user, user)
    return (joined[user] > 0) & (place >= joined[user])


def _items_shuffled(dataset: Dataset, rng: np.random.Generator) -> Dataset:
    """Everybody's items dealt anew to their own times."""
    return replace(dataset, item=dataset.item[np.lexsort((rng.random(dataset.n_events), dataset.user))])


def _days_shuffled(dataset: Dataset, rng: np.random.Generator) -> Dataset:
    """Everybody's days in another order: what was done on one stays together."""
    day = dataset.time // 86_400
    fresh = (np.diff(dataset.user, prepend=-1) != 0) | (np.diff(day, prepend=-1) != 0)
    starts = np.flatnonzero(fresh)
    drawn = np.lexsort((rng.random(len(starts)), dataset.user[starts]))
    size = np.diff(starts, append=dataset.n_events)[drawn]
    within = np.arange(dataset.n_events) - np.repeat(np.cumsum(size) - size, size)
    taken = np.repeat(starts[drawn], size) + within
    time = np.repeat(dataset.time[starts], size)
    return replace(dataset, item=dataset.item[taken], weight=dataset.weight[taken], time=time)


def _p_values(dataset: Dataset, vectors: Floats, people: Ints) -> Floats:
    """(people,) p of some users, 1 where there is nothing to test; nobody is told when the change was."""
    windows = windows_between(int(dataset.time.min()), int(dataset.time.max()), WindowSize.YEAR)
    asked = np.isin(np.arange(dataset.n_users), people)
    layout = lay_out(dataset, windows).select_users(asked)
    taste = learn_taste(dataset, vectors, Silent())
    users = user_drift(layout, taste, windows, np.random.default_rng(0), SHUFFLES, Silent())
    p = np.ones(dataset.n_users)
    p[users["user"]] = users["p"]
    return p[people]


def _energy_p_values(dataset: Dataset, vectors: Floats, people: Ints) -> Floats:
    """(people,) p by the energy distance in the text between the two halves of a history."""
    rng = np.random.default_rng(0)
    items = (dataset.item[dataset.offsets[user] : dataset.offsets[user + 1]] for user in people)
    return np.array([_energy_p(vectors[each], rng) for each in items])


def _energy_p(points: Floats, rng: np.random.Generator) -> float:
    n = len(points)
    at = n // 2
    apart = np.linalg.norm(points[:, None] - points[None], axis=2).astype(np.float64)
    late = np.arange(n) >= at
    labels = np.stack([late, *(rng.permutation(late) for _ in range(SHUFFLES))]).astype(np.float64)
    after, before = labels / late.sum(), (1 - labels) / (~late).sum()
    gap = after - before
    distance = -np.einsum("si,ij,sj->s", gap, apart, gap, optimize=True)
    return float((1 + (distance[1:] >= distance[0] - 1e-12).sum()) / (SHUFFLES + 1))


def _seen(spliced: Floats, shuffled: Floats) -> float:
    """The share of the spliced with a p that 5 % of the shuffled have."""
    return float((spliced <= np.quantile(shuffled, 0.05)).mean())
