"""What may leave the house of interests: not how many events a few people had."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recsys_core.catalogue.dataset import Dataset
from recsys_core.columns import LEVEL, N_EVENTS, PARENT
from recsys_core.interests.interests import Interests
from recsys_core.privacy import may_be_told


def told_interests(dataset: Dataset, interests: Interests) -> pd.DataFrame:
    """``Interests.table``, with ``n_events`` None where they are those of too few people (``may_be_told``,
    among the interests of one parent, whose sum is known).
    """
    table = interests.table
    people = pd.Series(_people(dataset, interests), table.index)
    together = people.groupby([table[LEVEL], table[PARENT]])
    told = together.transform(lambda sizes: may_be_told(sizes, apart=False)).astype(bool)
    return table.assign(**{N_EVENTS: table[N_EVENTS].astype(object).where(told, None)})


def _people(dataset: Dataset, interests: Interests) -> NDArray[np.int64]:
    """(rows of the table,) how many users took anything of each interest."""
    n = len(interests.table)
    cells = (dataset.user * n + of_items[dataset.item] for of_items in interests.item_interest)
    return np.bincount(np.concatenate([pd.unique(cell) % n for cell in cells]), minlength=n)
