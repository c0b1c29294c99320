"""Whether a recommender's fit goes into the free memory and the time there is, told before it begins."""

import time
from functools import lru_cache
from typing import Final

import numpy as np

from recsys_core.catalogue.dataset import PIECE_EVENTS
from recsys_core.catalogue.users import events_per_domain
from recsys_core.errors import ResourceError
from recsys_core.needs import Needs
from recsys_core.recommend.recommender import Recommender, Training
from recsys_core.settings import read_settings

SPARSE: Final = 30.0  # a product with a sparse matrix goes by so many times the time of a dense one
SLOWER: Final = 1.5  # than the largest dense products, all in all: measured, within a factor of three
TRIED: Final = 768


def check_affordable(recommender: Recommender, training: Training) -> None:
    """Raises ResourceError where fitting would take more than the memory that is free now, or longer than
    DRIFTMAP_FIT_MINUTES.
    """
    needed, most = needs_of(recommender, training), read_settings().fit_minutes
    needed.check()
    if (minutes := needed.seconds / 60) > most:
        raise ResourceError(
            f"{needed.what} would take about {minutes:,.0f} minutes for {needed.size}; "
            f"at most {most:,} are allowed. "
            "Leave it out, use a faster machine, or set DRIFTMAP_FIT_MINUTES higher."
        )


def needs_of(recommender: Recommender, training: Training) -> Needs:
    """What ``fit`` takes."""
    return Needs(
        f"Fitting {recommender.name}",
        _size(training),
        recommender.bytes_needed(training),
        seconds_needed(recommender, training),
        "or import fewer items (k-core)",
    )


def seconds_needed(recommender: Recommender, training: Training) -> float:
    """About how long ``fit`` takes on this machine, as its multiplications and its speed at them tell."""
    return SLOWER * recommender.multiplications(training) / multiplications_per_second()


@lru_cache(maxsize=1)
def multiplications_per_second() -> float:
    """Of a dense product of float32 matrices, tried once."""
    square = np.ones((TRIED, TRIED), np.float32)
    square @ square  # the first one also starts the threads
    began = time.perf_counter()
    square @ square
    return float(TRIED**3 / max(time.perf_counter() - began, 1e-6))


def common_pairs(training: Training) -> int:
    """At most so many pairs (any item, target item) have a user in common: Σ over users of items
    taken × target items taken, events counted for items, and never more than I × T.
    """
    dataset = training.dataset
    counts = events_per_domain(dataset)
    return min(
        int(np.dot(counts.sum(axis=1), counts[:, training.target])), dataset.n_items * len(training.items)
    )


def bytes_of_log(training: Training, copies: int = 1) -> int:
    """What laying out users × items from the log takes: 12 bytes an event for each of ``copies``, 40 a user,
    item or column, and 64 an event of a piece while it is gone through.
    """
    dataset = training.dataset
    through = 64 * min(dataset.n_events, PIECE_EVENTS) + 12 * copies * dataset.n_events
    return through + 40 * (dataset.n_users + dataset.n_items + len(training.items))


def _size(training: Training) -> str:
    return f"{training.dataset.n_users:,} users and {training.dataset.n_items:,} items"
