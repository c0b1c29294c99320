"""Whether a recommender's fit goes into the memory that is free, told before it begins."""

import numpy as np
import psutil

from recsys_core.errors import ResourceError
from recsys_core.recommend.recommender import Recommender, Training

GB = 1e9


def check_memory(recommender: Recommender, training: Training) -> None:
    """Raises ResourceError where fitting would take more than the memory that is free now."""
    need, free = recommender.bytes_needed(training), psutil.virtual_memory().available
    if need > free:
        dataset = training.dataset
        raise ResourceError(
            f"{recommender.name} would take about {need / GB:,.1f} GB of memory to learn from "
            f"{dataset.n_users:,} users and {dataset.n_items:,} items; {free / GB:,.1f} GB is free. "
            "Free some, use a larger machine, or import fewer items (k-core)."
        )


def common_pairs(training: Training) -> int:
    """At most so many pairs (any item, target item) have a user in common: Σ over users of items
    taken × target items taken, events counted for items, and never more than I × T.
    """
    dataset = training.dataset
    taken = np.bincount(dataset.user, minlength=dataset.n_users)
    there = dataset.event_domain == training.target
    in_target = np.bincount(dataset.user[there], minlength=dataset.n_users)
    return min(int(np.dot(taken, in_target)), dataset.n_items * len(training.items))


def bytes_of_log(training: Training) -> int:
    """What laying out users × items from the log takes: 64 bytes an event, 40 a user, item or column."""
    dataset = training.dataset
    return 64 * dataset.n_events + 40 * (dataset.n_users + dataset.n_items + len(training.items))
