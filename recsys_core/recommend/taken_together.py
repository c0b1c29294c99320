"""What goes with an item: whatever else of the target domain people took who took it."""

from typing import Final

import numpy as np
from scipy.sparse import csr_array, eye_array

from recsys_core.catalogue.users import events_per_domain
from recsys_core.recommend.examples import user_items
from recsys_core.recommend.recommender import Training

FEWEST: Final = 2  # one person's pair says little, and most pairs are of one person
SHRINK: Final = 60.0
MOST_TAKERS: Final = 50_000


def taken_together(training: Training, rng: np.random.Generator) -> csr_array:
    """(T, T) float32: users(i, j) / (users(i) + 60), the chance that who took target item i took j as
    well, shrunk where few took i; 0 for pairs of one user only, and of an item with itself. Counted among
    all users, at most 50,000 of them.
    """
    taken = user_items(training, training.items)
    if taken.shape[0] > MOST_TAKERS:
        taken = taken[np.sort(rng.choice(taken.shape[0], MOST_TAKERS, replace=False))]
    counts = np.asarray(taken.sum(0))
    common = (taken.T @ taken).tocoo()
    row, column = common.coords
    kept = (row != column) & (common.data >= FEWEST)
    chance = (common.data[kept] / (counts[row[kept]] + SHRINK)).astype(np.float32)
    return csr_array((chance, (row[kept], column[kept])), shape=common.shape)


def passing_on(training: Training, share: float, rng: np.random.Generator) -> csr_array:
    """(T, T) 1 + ``share`` × ``taken_together``: what is expected of an item, and what of that goes on to
    those taken with it (one step of label propagation, Zhu and Ghahramani 2002).
    """
    alone = eye_array(len(training.items), dtype=np.float32, format="csr")
    return csr_array(alone + np.float32(share) * taken_together(training, rng))


def pairs_together(training: Training) -> int:
    """At most so many pairs are counted: Σ over users of target items taken, squared, events counted for
    items, as far as users are counted, and never more than T².
    """
    dataset = training.dataset
    taken = events_per_domain(dataset)[:, training.target]
    counted = min(1.0, MOST_TAKERS / max(dataset.n_users, 1))
    return min(int(np.dot(taken, taken) * counted), len(training.items) ** 2)
