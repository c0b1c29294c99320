"""A tiny two-domain log with a rule to learn: who reads theme t in one domain reads t in the other."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recsys_core.catalogue.dataset import Dataset

THEMES, PER_THEME = 3, 4


def themed_dataset(n_users: int = 60, seed: int = 0) -> tuple[Dataset, NDArray[np.float32]]:
    """The dataset and text vectors (I, 8) in which items of one theme are near each other."""
    rng = np.random.default_rng(seed)
    rows = []
    for user in range(n_users):
        theme = user % THEMES
        for step in range(8):
            domain = ("books", "films")[step % 2]
            item = theme * PER_THEME + int(rng.integers(PER_THEME))
            rows.append((f"u{user:03}", f"{item:02}", domain, f"20{10 + step}-01-01", "view", 1.0))
    log = pd.DataFrame(rows, columns=["user_id", "item_id", "domain", "timestamp", "event", "weight"])
    log = log.assign(timestamp=pd.to_datetime(log["timestamp"], utc=True))
    items = pd.DataFrame(columns=["item_id", "domain", "title", "text"], dtype=str)
    dataset = Dataset.from_frames("themes", 1, log, items)
    theme_of = dataset.items["item_id"].astype(int).to_numpy() // PER_THEME
    centres = rng.normal(size=(THEMES, 8))
    vectors = centres[theme_of] + 0.1 * rng.normal(size=(dataset.n_items, 8))
    return dataset, (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
