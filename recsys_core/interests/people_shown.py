"""Who has a place on the map: everybody, or of very many a sample."""

from typing import Final

import numpy as np

from recsys_core.catalogue.dataset import Dataset

MOST_PEOPLE: Final = 50_000
"""So many have a place; of more, a random sample has."""


def people_on_map(dataset: Dataset, rng: np.random.Generator) -> Dataset:
    """The events of those who get a place on the map."""
    if dataset.n_users <= MOST_PEOPLE:
        return dataset
    return dataset.of_users(np.sort(rng.choice(dataset.n_users, MOST_PEOPLE, replace=False)))
