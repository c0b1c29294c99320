"""What showing everyone the most popular items is worth to each user: the yardstick of every interval."""

import numpy as np
from numpy.typing import NDArray

from recsys_core.catalogue.dataset import Dataset
from recsys_core.recommend.answers import ndcg_gains

Rows = NDArray[np.int64]


def popularity_ndcg(dataset: Dataset, target: int, k: int = 10) -> NDArray[np.float64]:
    """(U,) NDCG@k in [0, 1] of each user who has events in domain ``target`` where all are shown its most
    popular items; NaN for everyone else.

    Popular is an item with many users. All items of the domain are ranked, what a user took is what is
    true, and every tie goes against the model, as in ``recommend.answers.ranks`` and ``ndcg`` (Järvelin and
    Kekäläinen 2002), of which this is the same for many users at once. A user's own events are among the
    counts: that lifts the mean by a trace where users are many, and hardly touches the spread.
    """
    user, item = _pairs(dataset, target)
    n_users = np.bincount(item, minlength=dataset.n_items)[dataset.domain_items(target)]
    at_least = np.searchsorted(np.sort(-n_users), -n_users, side="right")  # (T,) items as popular or more
    first = at_least[np.searchsorted(dataset.domain_items(target), item)]
    order = np.argsort(user * (len(at_least) + 1) + first, kind="stable")
    user, rank = user[order], first[order]
    rank -= _same_after(user, rank)
    gain, ideal = ndcg_gains(k)
    found = np.bincount(user, gain[np.minimum(rank, k + 1) - 1], minlength=dataset.n_users)
    n_true = np.bincount(user, minlength=dataset.n_users)
    best = ideal[np.clip(n_true, 1, k) - 1]
    return np.where(n_true > 0, found / best, np.nan)


def _pairs(dataset: Dataset, target: int) -> tuple[Rows, Rows]:
    """User and item row of everything taken in the domain, each pair once, by user."""
    inside = dataset.event_domain == target
    pair = np.unique(dataset.user[inside] * dataset.n_items + dataset.item[inside])
    return pair // dataset.n_items, pair % dataset.n_items


def _same_after(user: Rows, rank: Rows) -> Rows:
    """How many later entries of a run of equal (user, rank) follow each entry of it."""
    if not len(user):
        return np.zeros(0, np.int64)
    last = np.append((np.diff(user) != 0) | (np.diff(rank) != 0), True)
    ends = np.flatnonzero(last)
    return ends[np.searchsorted(ends, np.arange(len(user)))] - np.arange(len(user))
