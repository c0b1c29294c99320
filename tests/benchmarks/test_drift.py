"""How often a real change of taste is seen: the first half of one person's history, then another's second."""

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
SIZES = ((FEWEST, 39, 0.6), (40, 10**6, 0.8))
"""Events from and to, and the share that is to be seen at 5 % false alarms."""


@pytest.mark.parametrize("pair", [("food", "kitchen"), ("beauty", "toys")])
def test_splices_are_seen(pair: tuple[str, str], tmp_path: Path) -> None:
    dataset, vectors = shop(tmp_path, *pair)
    rng = np.random.default_rng(0)
    spliced, shuffled = _spliced(dataset, vectors, rng), _shuffled(dataset, rng)
    ours = [_p_values(log, vectors) for log in (spliced, shuffled)]
    plain = [_energy_p_values(log, vectors, rng) for log in (spliced, shuffled)]
    rows = []
    for low, high, wanted in SIZES:
        (seen, alarms), (by_energy, _) = (_seen(*found, low, high) for found in (ours, plain))
        rows.append(
            (
                f"{low} to {high}" if high < 10**6 else f"{low} or more",
                int(((ours[0][0] >= low) & (ours[0][0] <= high)).sum()),
                f"{seen:.2f}",
                wanted,
                f"{alarms:.3f}",
                f"{by_energy:.2f}",
                f"{seen / by_energy:.2f}",
            )
        )
    print(f"\n{' and '.join(pair)}: people joined from two halves who are flagged, at 5 % false alarms")
    head = ("events", "people", "flagged", "wanted", "alarms at p ≤ .05", "energy distance", "ratio (1.2)")
    print(table(head, rows))


def _spliced(dataset: Dataset, vectors: Floats, rng: np.random.Generator) -> Dataset:
    """Everybody with 20 events or more goes on as somebody else of another main interest, of like length."""
    levels = default_levels(int((vectors != 0).any(axis=1).sum()))
    interest = find_interests(dataset, vectors, levels, rng, Silent()).item_interest[0][dataset.item]
    n, starts = np.diff(dataset.offsets), dataset.offsets
    people = np.flatnonzero(n >= FEWEST)
    main = {u: np.bincount(interest[starts[u] : starts[u + 1]]).argmax() for u in people}
    item = dataset.item.copy()
    keep = np.ones(dataset.n_events, np.bool_)
    for user in people:
        drawn = rng.choice(people, 200)
        others = [u for u in drawn if main[u] != main[user]]
        other = min(others, key=lambda u: abs(n[u] - n[user]))
        half = starts[user] + n[user] // 2
        count = min(starts[user + 1] - half, n[other])
        item[half : half + count] = dataset.item[starts[other + 1] - count : starts[other + 1]]
        keep[half + count : starts[user + 1]] = False
    return replace(dataset, item=item).select_events(keep)


def _shuffled(dataset: Dataset, rng: np.random.Generator) -> Dataset:
    """Everybody's items dealt anew to their own times."""
    return replace(dataset, item=dataset.item[np.lexsort((rng.random(dataset.n_events), dataset.user))])


def _p_values(dataset: Dataset, vectors: Floats) -> tuple[Ints, Floats]:
    """(people,) numbers of events and p of those with 20 or more; nobody is told when the change was."""
    windows = windows_between(int(dataset.time.min()), int(dataset.time.max()), WindowSize.QUARTER)
    layout = lay_out(dataset, windows).select_users(np.diff(dataset.offsets) >= FEWEST)
    taste = learn_taste(dataset, vectors)
    users = user_drift(layout, taste, windows, np.random.default_rng(0), SHUFFLES, Silent())
    return users["n_events"].to_numpy(), users["p"].to_numpy()


def _energy_p_values(dataset: Dataset, vectors: Floats, rng: np.random.Generator) -> tuple[Ints, Floats]:
    """The same by the energy distance between the two halves, which is told where they meet."""
    n = np.diff(dataset.offsets)
    people = np.flatnonzero(n >= FEWEST)
    p = [_energy_p(vectors[dataset.item[dataset.offsets[u] : dataset.offsets[u + 1]]], rng) for u in people]
    return n[people], np.array(p)


def _energy_p(points: Floats, rng: np.random.Generator) -> float:
    n = len(points)
    apart = np.linalg.norm(points[:, None] - points[None], axis=2).astype(np.float64)
    late = np.arange(n) >= n // 2
    labels = np.stack([late, *(rng.permutation(late) for _ in range(SHUFFLES))]).astype(np.float64)
    after, before = labels / late.sum(), (1 - labels) / (~late).sum()
    gap = after - before
    distance = -np.einsum("si,ij,sj->s", gap, apart, gap, optimize=True)
    return float((1 + (distance[1:] >= distance[0] - 1e-12).sum()) / (SHUFFLES + 1))


def _seen(
    spliced: tuple[Ints, Floats], shuffled: tuple[Ints, Floats], low: int, high: int
) -> tuple[float, float]:
    """The share flagged where 5 % of the shuffled are, and of the shuffled the share with p ≤ .05."""
    (real, null) = (p[(n >= low) & (n <= high)] for n, p in (spliced, shuffled))
    return float((real <= np.quantile(null, 0.05)).mean()), float((null <= 0.05).mean())
