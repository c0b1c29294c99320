"""Flows between domains: interests told apart by the domain their items are in."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import pandas as pd

from recsys_core.catalogue.dataset import Dataset
from recsys_core.columns import FROM_DOMAIN, TO_DOMAIN
from recsys_core.logs.windows import Window
from recsys_core.migration.arrays import Floats, Ints
from recsys_core.migration.cells import flow_cells, no_cells
from recsys_core.migration.flows import centroid_distances
from recsys_core.migration.null import FlowEvidence

MOST_TAGS: Final = 130
"""More pairs of domain and interest than this are not crossed: the table would have too many cells."""

_CROSSING: Final = 0.25
"""Cost of changing the domain, as a fraction of the mean distance between two centroids."""


@dataclass(frozen=True, eq=False)
class Tags:
    """Pairs of a domain and an interest that have items: ``domain``, ``interest``: (T,) index and code;
    ``item_tag``: (I,) in 0 … T-1; ``cost``: (T, T) metric.
    """

    domain: Ints
    interest: Ints
    item_tag: Ints
    cost: Floats


def tag_interests(dataset: Dataset, item_code: Ints, centroids: Floats) -> Tags | None:
    """Each interest once per domain it occurs in; None with one domain or more than ``MOST_TAGS``.

    The cost of a route is the distance between the centroids, plus a fixed toll where the domain changes:
    the sum of two metrics, so what stays in its interest and domain stays.
    """
    k = len(centroids)
    tags, item_tag = np.unique(dataset.item_domain * k + item_code, return_inverse=True)
    if len(dataset.domains) < 2 or len(tags) > MOST_TAGS:
        return None
    domain, interest = tags // k, tags % k
    distances = centroid_distances(centroids)
    toll = _CROSSING * (distances.sum() / max(k * (k - 1), 1)) if distances.any() else 1.0
    cost = distances[np.ix_(interest, interest)] + toll * (domain[:, None] != domain[None, :])
    return Tags(domain, interest, item_tag.astype(np.int64), cost)


def crossing_cells(
    evidence: FlowEvidence, windows: Sequence[Window], tags: Tags, interests: Ints, domains: Sequence[str]
) -> pd.DataFrame:
    """The frame ``Migration.between_domains``; ``interests``: (K,) ids by code."""
    numbers = np.arange(len(tags.domain))
    apart = tags.domain[:, None] != tags.domain[None, :]
    cells = flow_cells(evidence, list(pairwise(windows)), numbers.tolist(), apart)
    source, target = cells["from_interest"].to_numpy(), cells["to_interest"].to_numpy()
    return _named(cells, tags.domain[source], tags.domain[target], domains).assign(
        from_interest=interests[tags.interest[source]], to_interest=interests[tags.interest[target]]
    )


def no_crossings() -> pd.DataFrame:
    """The same frame without rows."""
    return _named(no_cells(), np.zeros(0, np.int64), np.zeros(0, np.int64), ())


def _named(cells: pd.DataFrame, source: Ints, target: Ints, domains: Sequence[str]) -> pd.DataFrame:
    names = np.array(domains, object)
    cells = cells.copy()
    cells.insert(2, FROM_DOMAIN, pd.Series(names[source], dtype="str"))
    cells.insert(3, TO_DOMAIN, pd.Series(names[target], dtype="str"))
    return cells
