"""From scores to a list: k items, best first, with novelty and reasons."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from recsys_core.catalogue.dataset import Dataset
from recsys_core.recommend.explain import reasons
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommendation import Recommendation
from recsys_core.recommend.recommender import Recommender, Shortlisting

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]
Flags = NDArray[np.bool_]
CHUNK = 64
BLOCK = 256
MOST_THREADS = 4
NOTHING_KNOWN = "Nothing is known of this person yet, so the list shows what is popular."


def recommend(
    recommender: Recommender,
    dataset: Dataset,
    target: int,
    profile: Profile,
    k: int = 10,
    exclude_seen: bool = True,
    explain: bool = True,
) -> Recommendation:
    """The k best items of domain ``target`` for one person, fewer where the domain has fewer.

    ``exclude_seen``: leave out what is in the profile. Reasons are empty without ``explain``.
    """
    items = dataset.domain_items(target)
    places, scores = _best(recommender, profile, _seen(profile, items) if exclude_seen else None, k)
    why = reasons(recommender, dataset, profile, places) if explain else ((),) * len(places)
    return Recommendation(
        items=items[places],
        scores=scores,
        novelty=novelty(dataset, target, places),
        reasons=why,
        note=NOTHING_KNOWN if profile.is_empty else "",
    )


def recommend_many(
    recommender: Recommender,
    dataset: Dataset,
    target: int,
    profiles: Sequence[Profile],
    k: int = 10,
    exclude_seen: bool = True,
) -> tuple[tuple[Rows, Floats], ...]:
    """Per person (items, scores), at most k of each, best first; without reasons."""
    items = dataset.domain_items(target)

    def lists(some: Sequence[Profile]) -> list[tuple[Rows, Floats]]:
        scored = zip(some, recommender.score(some), strict=True)
        best = ((row, top(row, _seen(who, items) if exclude_seen else None, k)) for who, row in scored)
        return [(items[places], row[places]) for row, places in best]

    chunks = [profiles[start : start + CHUNK] for start in range(0, len(profiles), CHUNK)]
    with ThreadPoolExecutor(min(MOST_THREADS, os.cpu_count() or 1)) as pool:
        return tuple(found for chunk in pool.map(lists, chunks) for found in chunk)


def _best(recommender: Recommender, profile: Profile, excluded: Rows | None, k: int) -> tuple[Rows, Floats]:
    if isinstance(recommender, Shortlisting):
        return recommender.best(profile, excluded, k)
    scores = recommender.score([profile])[0]
    places = top(scores, excluded, k)
    return places, scores[places]


def top(scores: Floats, excluded: Rows | None, k: int) -> Rows:
    """Positions of the k highest ``scores`` (T,), highest first, equal ones by position; never one
    that is ``excluded``.
    """
    allowed = np.ones(len(scores), bool)
    if excluded is not None:
        allowed[excluded] = False
    places = np.flatnonzero(allowed & (scores >= _surely_below(scores, allowed, k)))
    if len(places) > k > 0:
        least = np.partition(scores[places], -k)[-k]
        places = places[scores[places] >= least]
    order = np.argsort(-scores[places], kind="stable")
    best: Rows = places[order[: max(k, 0)]]
    return best


def _surely_below(scores: Floats, allowed: Flags, k: int) -> float:
    """A score that at least k allowed items reach: the k-th highest of the highest scores of blocks. What is
    lower needs no sorting.
    """
    blocks = len(scores) // BLOCK
    if not 0 < k <= blocks:
        return -np.inf
    shape = (blocks, BLOCK)
    inside = np.where(allowed[: blocks * BLOCK], scores[: blocks * BLOCK], -np.inf)
    return float(np.partition(inside.reshape(shape).max(1), -k)[-k])


def novelty(dataset: Dataset, target: int, places: Rows | None = None) -> Floats:
    """(T,) bits, or (k,) of the items at ``places``: -log2 of the smoothed fraction (n + 1) / (N + 1) of the
    domain's N users who took each item (self-information, Zhou et al. 2010).
    """
    users = int(dataset.domain_users[target])
    items = dataset.domain_items(target)
    bits = -np.log2((dataset.takers[items if places is None else items[places]] + 1) / (users + 1))
    return bits.astype(np.float32)


def places_of(rows: Rows, items: Rows) -> Rows:
    """Positions in ``items``, ascending, of those of the item ``rows`` that are among them."""
    found = np.searchsorted(items, rows)
    inside = found < len(items)
    places: Rows = found[inside][items[found[inside]] == rows[inside]]
    return places


def _seen(profile: Profile, items: Rows) -> Rows:
    return places_of(profile.history.items, items)
