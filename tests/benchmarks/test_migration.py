"""Migration on real logs: what it claims where time means nothing, and what it costs."""

import resource
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recsys_core.catalogue.dataset import Dataset
from recsys_core.interests.clusters import default_levels
from recsys_core.interests.finding import find_interests
from recsys_core.interests.interests import Interests
from recsys_core.logs.windows import WindowSize
from recsys_core.migration.measuring import measure_migration
from recsys_core.migration.migration import Migration
from recsys_core.progress import Silent
from tests.benchmarks.shop import Floats, sample, shop, table

DOMAINS = ("food", "kitchen", "beauty", "toys")
LOGS = 20
SHUFFLES = 200


@pytest.mark.parametrize("log", ["sample", *DOMAINS])
def test_shuffled_logs_raise_no_alarms(log: str, tmp_path: Path) -> None:
    dataset, vectors = sample(tmp_path) if log == "sample" else shop(tmp_path, log)
    interests = _interests(dataset, vectors)
    found = [_measured(_shuffled(dataset, seed), interests, vectors, seed) for seed in range(LOGS)]
    flows = [int(each.flows["significant"].sum()) for each in found]
    changes = [len(each.change_points) for each in found]
    flagged = [each.users["flagged"].mean() for each in found]
    below = [(each.users["p"] <= 0.05).mean() for each in found]
    rows = [
        ("logs with a significant flow", f"{np.mean(np.array(flows) > 0):.2f}", "0.05"),
        ("logs with a change point", f"{np.mean(np.array(changes) > 0):.2f}", "0.05"),
        ("users flagged", f"{np.mean(flagged):.4f}", "0.05"),
        ("users with p ≤ .05", f"{np.mean(below):.4f}", "0.05"),
    ]
    print(f"\n{log}, {dataset.n_users:,} users, {LOGS} logs with each user's items dealt anew to their times")
    print(table(("false alarms", "measured", "at most"), rows))
    assert np.mean(flagged) <= 0.05


def test_the_cost_of_all_domains_grows_with_users(tmp_path: Path) -> None:
    dataset, vectors = shop(tmp_path, *DOMAINS)
    interests = _interests(dataset, vectors)
    half = dataset.select_events(dataset.user % 2 == 0)
    rows = []
    for log in (half, dataset):
        began = time.perf_counter()
        _measured(log, interests, vectors, 0)
        seconds = time.perf_counter() - began
        users = len(np.unique(log.user))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        rows.append((f"{users:,}", f"{seconds:.0f} s", f"{1e3 * seconds / users:.2f} ms", f"{peak:.1f} GiB"))
    print(f"\n{', '.join(DOMAINS)} by quarter, {SHUFFLES} shuffles; wanted for all: 180 s, 4 GB")
    print(table(("users", "time", "per user", "peak of the process so far"), rows))


def _interests(dataset: Dataset, vectors: Floats) -> Interests:
    levels = default_levels(int((vectors != 0).any(axis=1).sum()))
    return find_interests(dataset, vectors, levels, np.random.default_rng(0), Silent())


def _shuffled(dataset: Dataset, seed: int) -> Dataset:
    """Everybody's items dealt anew to their own times, one by one, whatever was done on one day."""
    rng = np.random.default_rng(seed)
    order = np.lexsort((rng.random(dataset.n_events), dataset.user))
    return replace(dataset, item=dataset.item[order], weight=dataset.weight[order])


def _measured(dataset: Dataset, interests: Interests, vectors: Floats, seed: int) -> Migration:
    rng = np.random.default_rng(seed)
    return measure_migration(dataset, interests, vectors, 0, WindowSize.QUARTER, rng, shuffles=SHUFFLES)
