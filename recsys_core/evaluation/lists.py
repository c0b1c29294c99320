"""What the shown lists are like, whether or not they are right: wide or narrow, known or new, alike or not.

``lists``: (P, k) int64 positions among the target's items, -1 where a list is shorter (``judging``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recsys_core.catalogue.dataset import Dataset
from recsys_core.catalogue.long_tail import gini as lorenz_gini
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommend import novelty

Floats = NDArray[np.float32]
Numbers = NDArray[np.float64]
Rows = NDArray[np.int64]
SMOOTHING: Final = 0.01


@dataclass(frozen=True, eq=False)
class ItemFacts:
    """Of the target's T items: ``novelty`` (T,) bits, ``directions`` (T, dim) text vectors of unit length,
    zero without text, and ``rows`` (T,) in the dataset. ``interest``: (I,) of every item of the dataset, or
    None where none have been found.
    """

    rows: Rows
    novelty: Numbers
    directions: Floats
    interest: Rows | None = None

    @classmethod
    def of(
        cls, dataset: Dataset, target: int, text_vectors: Floats, interest: Rows | None = None
    ) -> "ItemFacts":
        """By the events of ``dataset``, which must not hold the answers of the test."""
        rows = dataset.domain_items(target)
        vectors = text_vectors[rows]
        length = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit = np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 0)
        return cls(rows, novelty(dataset, target).astype(np.float64), unit, interest)

    @property
    def popularity(self) -> Numbers:
        """(T,) fraction in (0, 1] of the domain's users who took each item, smoothed as ``novelty``."""
        return np.exp2(-self.novelty)


def list_measures(lists: Rows, facts: ItemFacts, profiles: Sequence[Profile]) -> dict[str, Numbers]:
    """Every measure of a person's list by name, e.g. ``novelty@10``, per person (P,)."""
    k = lists.shape[1]
    found = {
        f"novelty@{k}": mean_of(lists, facts.novelty),
        f"diversity@{k}": diversity(lists, facts.directions),
        f"popularity@{k}": mean_of(lists, facts.popularity),
    }
    if facts.interest is not None:
        found[f"miscalibration@{k}"] = miscalibration(lists, facts.rows, facts.interest, profiles)
    return found


def mean_of(lists: Rows, values: Numbers) -> Numbers:
    """(P,) mean of ``values`` (T,) over each list; 0 for an empty one. Of ``novelty``: the mean
    self-information in bits (Zhou et al. 2010).
    """
    shown = lists >= 0
    mean: Numbers = np.where(shown, values[lists], 0).sum(1) / np.maximum(shown.sum(1), 1)
    return mean


def diversity(lists: Rows, directions: Floats) -> Numbers:
    """(P,) 1 - mean cosine of the pairs of a list, in [0, 2] (intra-list distance, Smyth and McClave 2001,
    Ziegler et al. 2005); 0 for a list of fewer than two.
    """
    found = np.zeros(len(lists))
    for person, row in enumerate(lists):
        vectors = directions[row[row >= 0]].astype(np.float64)
        pairs = len(vectors) * (len(vectors) - 1)
        if pairs:
            found[person] = 1 - (np.square(vectors.sum(0)).sum() - np.square(vectors).sum()) / pairs
    return found


def miscalibration(lists: Rows, rows: Rows, interest: Rows, profiles: Sequence[Profile]) -> Numbers:
    """(P,) Kullback-Leibler divergence in nats, ≥ 0, of a list's mix q of interests from the mix p of that
    person's events: Σ p log(p / q~), q~ = 0.99 q + 0.01 p (Steck 2018). 0 = as mixed as the person; 0 too
    where no event of theirs is known. ``rows``: (T,) the target's items; ``interest``: (I,) of all items.
    """
    n_interests, of_items = int(interest.max()) + 1, interest[rows]
    found = np.zeros(len(lists))
    for person, (row, profile) in enumerate(zip(lists, profiles, strict=True)):
        p = _mix(interest[profile.history.items], n_interests)
        q = (1 - SMOOTHING) * _mix(of_items[row[row >= 0]], n_interests) + SMOOTHING * p
        has = p > 0
        found[person] = max(0.0, float((p[has] * np.log(p[has] / q[has])).sum()))
    return found


def exposure(lists: Rows, n_items: int, times: Rows | None = None) -> Numbers:
    """(T,) how often each of ``n_items`` is shown, where person p counts ``times[p]`` times."""
    shown = lists >= 0
    counts = None if times is None else np.broadcast_to(times[:, None], lists.shape)[shown]
    exposed: Numbers = np.bincount(lists[shown], counts, n_items).astype(np.float64)
    return exposed


def coverage(exposed: Numbers) -> float:
    """The fraction in [0, 1] of the catalogue that anyone is shown (Ge et al. 2010)."""
    return float(np.count_nonzero(exposed) / len(exposed))


def gini(exposed: Numbers) -> float:
    """Inequality of exposure in [0, 1]: Σ (2 j - T - 1) x_j / ((T - 1) Σ x), x ascending (Shani and
    Gunawardana 2011); 0 = all items shown as often, 1 = one item only. 0 where nothing is shown.
    """
    if len(exposed) < 2 or not exposed.any():
        return 0.0
    return lorenz_gini(exposed) * len(exposed) / (len(exposed) - 1)


def _mix(interests: Rows, n_interests: int) -> Numbers:
    counts: Numbers = np.bincount(interests, minlength=n_interests).astype(np.float64)
    mix: Numbers = counts / max(1.0, float(counts.sum()))
    return mix
