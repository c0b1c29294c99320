"""Why an item is in the list: what each thing known about a person adds to its score."""

import numpy as np
from numpy.typing import NDArray

from recsys_core.catalogue.dataset import Dataset
from recsys_core.recommend.contributions import Numbers, contributions_of
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommendation import Reason
from recsys_core.recommend.recommender import Recommender

Rows = NDArray[np.int64]
POPULARITY, YOUR_TEXT = "popularity", "your text"


def reasons(
    recommender: Recommender, dataset: Dataset, profile: Profile, places: Rows
) -> tuple[tuple[Reason, ...], ...]:
    """Per position in ``places`` (k,) of the target's items its reasons, the largest share first.

    The amounts of an item's reasons sum to its score. For scores that are linear in the history, their scale
    fixed, that is the exact split; for others see ``contributions.left_out``.
    """
    items, _ = profile.distinct()
    amounts = contributions_of(recommender, profile, items, places).at  # (2 + H, k)
    causes: list[tuple[str, int | None]] = [(POPULARITY, None)]
    causes += [(str(dataset.labels[item]), item) for item in items.tolist()]
    causes.append((YOUR_TEXT, None))
    return tuple(_sorted(causes, column) for column in amounts.T)


def shares(amounts: Numbers) -> Numbers:
    """(C,) fractions in [0, 1] of what speaks for an item; 0 for what speaks against it."""
    speaking = amounts.clip(min=0)
    total = speaking.sum()
    return speaking / total if total > 0 else speaking


def _sorted(causes: list[tuple[str, int | None]], amounts: Numbers) -> tuple[Reason, ...]:
    share = shares(amounts)
    order = [i for i in np.lexsort((-amounts, -share)).tolist() if amounts[i] != 0]
    told = ((*causes[i], float(share[i]), float(amounts[i])) for i in order)
    return tuple(Reason(label, item, part, amount) for label, item, part, amount in told)
