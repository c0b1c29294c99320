"""Finding the interests of a catalogue: clusters of its item vectors, with names."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recsys_core.catalogue.dataset import Dataset
from recsys_core.columns import INTEREST, LEVEL, N_EVENTS, N_ITEMS, NAME, PARENT, TERMS, TEXT, TITLE
from recsys_core.errors import NotEnoughDataError
from recsys_core.interests.clusters import Clusters, nested_clusters
from recsys_core.interests.directions import unit
from recsys_core.interests.interests import UNCLEAR, Interests
from recsys_core.interests.names import name_clusters
from recsys_core.interests.stability import cluster_stability
from recsys_core.interests.unclear import unclear_items, without
from recsys_core.interests.vocabulary import Vocabulary, read_vocabulary
from recsys_core.progress import Progress


def find_interests(
    dataset: Dataset,
    item_vectors: NDArray[np.float32],
    levels: Sequence[int],
    rng: np.random.Generator,
    progress: Progress,
) -> Interests:
    """Named interests of the items with ``item_vectors`` (I, dim), ``levels`` ascending. What has no vector,
    or fits no interest (see ``unclear_items``), is "Unclear".

    Raises NotEnoughDataError where no item has a vector.
    """
    known = np.flatnonzero(np.any(item_vectors != 0, axis=1))
    if not len(known):
        raise NotEnoughDataError(
            f"None of the {dataset.n_items:,} items of {dataset.name!r} has a text or a vector.",
            "Import the items' titles as well, or fine-tune first so that events give them vectors.",
        )
    progress.stage("Grouping items into interests")
    vectors = np.asarray(item_vectors[known], np.float32)
    clusters = nested_clusters(vectors, levels, rng)
    clusters = without(clusters, unclear_items(vectors, clusters, rng.spawn(1)[0]))
    progress.stage("Grouping resampled items, to see what stays")
    stability = cluster_stability(vectors, clusters, rng.spawn(1)[0], progress)
    progress.check_cancelled()
    progress.stage("Naming interests")
    labels = np.full((len(clusters.parents), dataset.n_items), -1, np.int64)
    labels[:, known] = clusters.labels
    table = _table(dataset, labels, clusters)
    item_interest = _item_interest(labels, table)
    return Interests(
        tuple(len(parents) for parents in clusters.parents),
        table,
        item_interest,
        _centroids(item_vectors, item_interest, table),
        replace(stability, jaccard=_by_interest(stability.jaccard, table)),
    )


def _by_interest(per_cluster: NDArray[np.float64], table: pd.DataFrame) -> NDArray[np.float64]:
    """One value per row of ``table``: those of the clusters in order, NaN for "Unclear"."""
    values = np.full(len(table), np.nan)
    values[(table[NAME] != UNCLEAR).to_numpy()] = per_cluster
    return values


def _table(dataset: Dataset, labels: NDArray[np.int64], clusters: Clusters) -> pd.DataFrame:
    vocabulary = read_vocabulary(dataset.items[TITLE].tolist(), dataset.items[TEXT].tolist())
    item_events = np.bincount(dataset.item, minlength=dataset.n_items)
    some_unclear = bool((labels[0] < 0).any())
    rows: list[pd.DataFrame] = []
    first_above, first = 0, 0
    for level, parents in enumerate(clusters.parents):
        above = np.where(parents < 0, -1, parents + first_above)
        if some_unclear:
            above = np.append(above, first - 1)
        rows.append(_level_rows(vocabulary, labels[level], item_events, len(parents), above))
        rows[-1].insert(0, LEVEL, level)
        first_above, first = first, first + len(above)
    table = pd.concat(rows, ignore_index=True)
    table.insert(0, INTEREST, np.arange(len(table)))
    return table


def _level_rows(
    vocabulary: Vocabulary,
    labels: NDArray[np.int64],
    item_events: NDArray[np.int64],
    k: int,
    above: NDArray[np.int64],
) -> pd.DataFrame:
    """The k clusters of a level, and "Unclear" (label -1) where ``above`` has a parent for it."""
    names = name_clusters(vocabulary, labels, k)
    places = np.where(labels < 0, k, labels)
    return pd.DataFrame(
        {
            PARENT: above,
            NAME: [*(name.name for name in names), UNCLEAR][: len(above)],
            TERMS: [*(", ".join(name.terms) for name in names), ""][: len(above)],
            N_ITEMS: np.bincount(places, minlength=len(above)),
            N_EVENTS: np.bincount(places, item_events, minlength=len(above)).astype(np.int64),
        }
    )


def _item_interest(labels: NDArray[np.int64], table: pd.DataFrame) -> NDArray[np.int64]:
    """(L, I) interest ids; the label -1 becomes the last of its level."""
    size = np.bincount(table[LEVEL].to_numpy())
    first = np.cumsum(size) - size
    return np.where(labels < 0, first[:, None] + size[:, None] - 1, labels + first[:, None])


def _centroids(
    item_vectors: NDArray[np.float32], item_interest: NDArray[np.int64], table: pd.DataFrame
) -> NDArray[np.float32]:
    """(rows of table, dim) direction of the mean unit vector of each interest's items; none for "Unclear"."""
    from scipy.sparse import csr_array

    n_levels, n_items = item_interest.shape
    columns = np.tile(np.arange(n_items), n_levels)
    ones = np.ones(len(columns), np.float32)
    members = csr_array((ones, (item_interest.ravel(), columns)), (len(table), n_items))
    directions = unit(np.asarray(members @ unit(item_vectors), np.float32))
    directions[(table[NAME] == UNCLEAR).to_numpy()] = 0
    return directions
