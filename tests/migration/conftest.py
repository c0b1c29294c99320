"""Small worlds: users with tastes of their own, of whom some may move at a known time."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from recsys_core.catalogue.dataset import Dataset
from recsys_core.interests.interests import Interests

NAMES = ("tea", "baking", "knives", "coffee", "grills")


@dataclass
class Worlds:
    """Builds datasets and interests; 5 interests with 6 items each, alternating over the domains."""

    names: tuple[str, ...] = NAMES
    per_interest: int = 6

    def interests(self, dataset: Dataset) -> Interests:
        """One level whose centroids are unit vectors of the plane."""
        k = len(self.names)
        of_item = dataset.items["item_id"].str[1:].astype(int).to_numpy() // self.per_interest
        angle = np.arange(k) * 2 * np.pi / k
        facts = {"level": 0, "parent": -1, "terms": "", "n_items": self.per_interest, "n_events": 1}
        table = pd.DataFrame({"interest": np.arange(k), "name": self.names}).assign(**facts)
        centroids = np.column_stack([np.cos(angle), np.sin(angle)]).astype(np.float32)
        return Interests((k,), table, of_item[None], centroids)

    def vectors(self, dataset: Dataset) -> NDArray[np.float32]:
        """Of the items: the centroid of each one's interest."""
        interests = self.interests(dataset)
        return interests.centroids[interests.item_interest[0]]

    def dataset(self, rows, domains=("shop",)):
        """``rows``: (user id, date or unix seconds, interest, which of its items)."""
        n = len(self.names) * self.per_interest
        ids = [f"i{item:02d}" for item in range(n)]
        domain_of = [domains[item % len(domains)] for item in range(n)]
        items = pd.DataFrame({"item_id": ids, "domain": domain_of, "title": ids, "text": ""})
        item = [interest * self.per_interest + which for _, _, interest, which in rows]
        events = pd.DataFrame(
            {
                "user_id": [user for user, *_ in rows],
                "item_id": [ids[i] for i in item],
                "domain": [domain_of[i] for i in item],
                "timestamp": [_utc(time) for _, time, *_ in rows],
                "event": "view",
                "weight": np.ones(len(rows), np.float32),
            }
        )
        return Dataset.from_frames("world", 1, events, items)

    def random(self, seed, n_users=120, events=16, movers=0, months=12, move=6, noise=0.0):
        """Rows of users over ``months`` months of 2013; the first ``movers`` hold "baking" before month
        ``move`` and "coffee" after it, but for a fraction ``noise`` of their events."""
        rng = np.random.default_rng(seed)
        start, turn, end = (
            int((np.datetime64("2013-01") + month).astype("M8[s]").astype(int)) for month in (0, move, months)
        )
        rows = []
        for user in range(n_users):
            taste = rng.dirichlet(np.full(len(self.names), 0.5))
            for second in np.sort(rng.integers(start, end, events)):
                interest = int(rng.choice(len(self.names), p=taste))
                if user < movers and rng.random() >= noise:
                    interest = 1 if second < turn else 3
                rows.append((f"u{user:03d}", int(second), interest, int(rng.integers(self.per_interest))))
        return rows


def _utc(time):
    return pd.Timestamp(time, unit="s", tz="UTC") if isinstance(time, int) else pd.Timestamp(time, tz="UTC")


@pytest.fixture
def worlds():
    return Worlds()
