"""Groups of people by attributes: the commonest value of what they took in the target (``took <attribute>``)
and of what is known of them (``known <attribute>``), and what is told of themselves (``own <attribute>``).
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recsys_core.catalogue.attributes import Holds, attributes_of
from recsys_core.catalogue.dataset import Dataset
from recsys_core.evaluation.splits import ColdUsers
from recsys_core.privacy import SMALLEST_GROUP

Rows = NDArray[np.int64]
TOOK: Final = "took "
KNOWN: Final = "known "
OWN: Final = "own "
NOT_TOLD: Final = "(not told)"
OTHERS: Final = "(others)"
MOST_ATTRIBUTES: Final = 6
MOST_GROUPS: Final = 10


def attribute_values(test: ColdUsers, dataset: Dataset) -> pd.DataFrame:
    """A row per test user: ``took <attribute>`` and ``known <attribute>`` for the first six attributes of
    kinds (not numbers, dates or free text) of the items on each side.
    """
    items = dataset.domain_items(test.target)
    took = [items[true] for true in test.truth]
    known = [profile.history.items for profile in test.profiles]
    elsewhere = np.flatnonzero(dataset.item_domain != test.target)
    columns = _columns(TOOK, dataset.items, items, took) | _columns(KNOWN, dataset.items, elsewhere, known)
    return pd.DataFrame(columns, index=range(len(test)))


def is_attribute(column: str) -> bool:
    """Whether a column or slice is one of ``attribute_values`` or ``own_values``."""
    return column.startswith((TOOK, KNOWN, OWN))


def attribute_groups(people: pd.DataFrame) -> dict[str, pd.Series]:
    """The groups of each user (a row each) by every attribute (see ``is_attribute``); left out where fewer
    than two values have ten people or more.
    """
    found = {}
    for column in map(str, people.columns):
        if is_attribute(column):
            sizes = people[column].value_counts()
            large = sizes.index[sizes >= SMALLEST_GROUP]
            if len(large) > 1:
                named = [value for value in large if value != NOT_TOLD][:MOST_GROUPS]
                found[column] = people[column].where(people[column].isin([*named, NOT_TOLD]), OTHERS)
    return found


def _columns(prefix: str, items: pd.DataFrame, rows: Rows, of_users: Sequence[Rows]) -> dict[str, list[str]]:
    kinds = [name for name, holds in attributes_of(items.iloc[rows]).items() if holds is Holds.KINDS]
    return {f"{prefix}{name}": _commonest(items[name], of_users) for name in kinds[:MOST_ATTRIBUTES]}


def _commonest(values: pd.Series, of_users: Sequence[Rows]) -> list[str]:
    """Of each user's items the commonest value that is told, the first by name among equals."""
    text = values.astype("string").str.strip()
    codes, names = pd.factorize(text.where(text != ""), sort=True)
    counts = (np.bincount(codes[rows] + 1, minlength=len(names) + 1)[1:] for rows in of_users)
    return [str(names[int(one.argmax())]) if one.any() else NOT_TOLD for one in counts]
