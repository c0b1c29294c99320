"""Who is known where: users shared by domains, and how much is known of each user in one domain."""

from collections.abc import Sequence
from enum import StrEnum
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recsys_core.catalogue.dataset import PIECE_EVENTS, Dataset
from recsys_core.columns import N_USERS

HOT_EVENTS = 5
DOMAIN_A = "domain_a"
DOMAIN_B = "domain_b"


class Temperature(StrEnum):
    """How much is known of a user in a domain."""

    HOT = "hot"
    WARM = "warm"
    COLD = "cold"


def events_per_domain(dataset: Dataset) -> NDArray[np.int64]:
    """(U, D) number of events of each user row in each domain."""
    n_domains = len(dataset.domains)
    counts = np.zeros(dataset.n_users * n_domains, np.int64)
    for piece in dataset.pieces(PIECE_EVENTS):
        first = int(piece.user[0]) * n_domains if piece.n_events else 0
        found = np.bincount(piece.user * n_domains + piece.event_domain - first)
        counts[first : first + len(found)] += found
    return counts.reshape(dataset.n_users, n_domains)


def overlap_users(dataset: Dataset, target: int, sources: Sequence[int]) -> NDArray[np.int64]:
    """Rows of the users with at least one event in ``target`` and one in any of ``sources``, ascending."""
    seen = events_per_domain(dataset) > 0  # (U, D)
    return np.flatnonzero(seen[:, target] & seen[:, list(sources)].any(axis=1)).astype(np.int64)


def user_temperature(dataset: Dataset, domain: int) -> NDArray[np.object_]:
    """(U,) ``Temperature`` of each user in ``domain``: cold no event there, warm 1 to 4, hot 5 or more."""
    counts = events_per_domain(dataset)[:, domain]
    steps = np.array([Temperature.COLD, Temperature.WARM, Temperature.HOT], dtype=object)
    temperatures: NDArray[np.object_] = steps[(counts > 0).astype(int) + (counts >= HOT_EVENTS)]
    return temperatures


def overlap_table(dataset: Dataset) -> pd.DataFrame:
    """Users shared by each pair of domains: ``domain_a`` < ``domain_b`` by name, ``n_users`` int64."""
    seen = (events_per_domain(dataset) > 0).astype(np.int64)
    shared = seen.T @ seen  # (D, D)
    names = dataset.domains
    rows = [(names[a], names[b], int(shared[a, b])) for a, b in combinations(range(len(names)), 2)]
    return pd.DataFrame(rows, columns=[DOMAIN_A, DOMAIN_B, N_USERS]).astype({N_USERS: np.int64})
