"""A tiny shop of two domains in which taste carries over: tea people take cups, coffee people mugs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recsys_core.catalogue.dataset import Dataset
from recsys_core.catalogue.history import History
from recsys_core.recommend.recommender import Training

FOOD = ("coffee 1", "coffee 2", "tea 1", "tea 2")
KITCHEN = ("cup 1", "cup 2", "mug 1", "mug 2", "spoon")
DAY = 86_400
NOW = 100 * DAY


@dataclass(frozen=True, eq=False)
class Taught:
    """An interest model by its ``item_vectors`` (I, D): it asks for what is close to anything held."""

    item_vectors: NDArray[np.float32]

    def states(self, histories: Sequence[History], target: int) -> NDArray[np.float32]:
        found = [self.item_vectors[h.items].sum(0) for h in histories]
        return np.array(found, np.float32).reshape(len(histories), -1)

    def score(self, histories: Sequence[History], target: int) -> NDArray[np.float32]:
        items = slice(4, 9) if target == 1 else slice(0, 4)
        return self.states(histories, target) @ self.item_vectors[items].T


def dataset(
    rows: list[tuple[str, str, str, int]], titles: dict[str, tuple[str, ...]] | None = None
) -> Dataset:
    """From (user, domain, item, day) rows; every title is an item and its own id."""
    titles = titles or {"food": FOOD, "kitchen": KITCHEN}
    log = pd.DataFrame(rows, columns=["user_id", "domain", "item_id", "day"])
    times = pd.to_datetime(log["day"] * DAY, unit="s", utc=True)
    log = log.assign(timestamp=times, event="interaction", weight=np.float32(1)).drop(columns="day")
    items = [(title, domain, title, title) for domain, names in titles.items() for title in names]
    return Dataset.from_frames(
        "shop", 1, log, pd.DataFrame(items, columns=["item_id", "domain", "title", "text"])
    )


def rows_of(people: int = 30) -> list[tuple[str, str, str, int]]:
    """Even people are tea people, odd ones coffee people; everyone takes the spoon; each takes both
    foods of their taste, and the cup or mug of theirs that their number picks."""
    rows = []
    for person in range(people):
        user, food, ware = f"u{person:02d}", *(("tea", "cup") if person % 2 == 0 else ("coffee", "mug"))
        day = person % 10
        rows += [(user, "food", f"{food} {n}", day + n) for n in (1, 2)]
        rows += [(user, "kitchen", f"{ware} {1 + (person // 2) % 2}", day + 3)]
        rows += [(user, "kitchen", "spoon", day + 4)]
    return rows


def vectors(shop: Dataset) -> np.ndarray:  # type: ignore[type-arg]
    """(I, 4) float32: one axis per word, so that items of one word read alike; the spoon has no text."""
    axis = {"tea": 0, "cup": 1, "coffee": 2, "mug": 3}
    found = np.zeros((shop.n_items, 4), np.float32)
    for row, title in enumerate(shop.items["title"]):
        if title.split()[0] in axis:
            found[row, axis[title.split()[0]]] = 1
    return found


def training(rows: list[tuple[str, str, str, int]] | None = None, **changes: object) -> Training:
    """What there is to learn about the kitchen."""
    shop = dataset(rows_of() if rows is None else rows)
    plain: dict[str, object] = {"target": shop.domain_index("kitchen"), "model": None, "now": NOW}
    return Training(shop, text_vectors=vectors(shop), **(plain | changes))  # type: ignore[arg-type]


def row(shop: Dataset, title: str) -> int:
    """Row number of the item with this title."""
    return shop.items["title"].tolist().index(title)


def titles(shop: Dataset, rows: np.ndarray) -> list[str]:  # type: ignore[type-arg]
    """Titles of item rows."""
    return [shop.labels[int(item)] for item in rows]
