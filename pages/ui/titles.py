"""Finding titles by what a user types."""

import numpy as np
from numpy.typing import NDArray

from recsys_core.catalogue.dataset import Dataset


def find_titles(
    dataset: Dataset, wanted: str, most: int = 200, among: NDArray[np.int64] | None = None
) -> NDArray[np.int64]:
    """Item rows whose title holds every word of ``wanted`` (upper and lower case alike), most used first.

    ``among``: only these rows. At most ``most`` rows; none for blank input.
    """
    words = wanted.casefold().split()
    if not words:
        return np.empty(0, np.int64)
    rows = np.arange(dataset.n_items) if among is None else among
    titles = dataset.labels[rows]
    hits = [row for row, title in zip(rows, titles, strict=True) if _has(title, words)]
    n_events = np.bincount(dataset.item, minlength=dataset.n_items)
    return np.asarray(sorted(hits, key=lambda row: (-n_events[row], row))[:most], np.int64)


def _has(title: object, words: list[str]) -> bool:
    text = str(title).casefold()
    return all(word in text for word in words)
