"""A list made anew from scores that are there: diverse, novel, calibrated, or for a changed person."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recsys_core.recommend.explain import reasons
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommend import NOTHING_KNOWN, novelty, places_of, top
from recsys_core.recommend.recommendation import Recommendation
from recsys_core.recommend.recommender import Recommender, Training
from recsys_core.recommend.what_if import WhatIf

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]
Numbers = NDArray[np.float64]
POOL: Final = 300
DISLIKED: Final = 0.15  # Rocchio's γ over α, as in Manning, Raghavan and Schütze 2008, chapter 9
SMOOTHING: Final = 0.01  # Steck's α


def rerank(
    recommender: Recommender,
    training: Training,
    profile: Profile,
    what_if: WhatIf,
    k: int = 10,
    item_interest: Rows | None = None,
    explain: bool = True,
) -> Recommendation:
    """The list for ``profile`` as ``what_if`` asks for. ``item_interest``: (I,) interest of every item,
    without which nothing is weighed or calibrated by interest.

    ``scores`` are the recommender's for the changed person, whom the reasons speak of too; where the list is
    made diverse, novel or calibrated, or titles are disliked, they need not descend.
    """
    dataset, target = training.dataset, training.target
    person = what_if.person(profile, dataset.item_domain, item_interest)
    scores = recommender.score([person])[0]
    seen = np.setdiff1d(profile.history.items, what_if.without)
    gone = np.array([*what_if.liked, *what_if.disliked, *(seen if what_if.exclude_seen else ())], np.int64)
    excluded = places_of(gone, training.items)
    pool = top(scores, excluded, max(POOL, k))
    bits = novelty(dataset, target, pool)
    worth = (1 - what_if.novelty) * to_unit(scores[pool]) + what_if.novelty * to_unit(bits)
    vectors = training.item_text[pool]
    if what_if.disliked:
        worth = worth - DISLIKED * vectors @ training.text_vectors[list(what_if.disliked)].mean(0)
    share = None if item_interest is None else _share(person, training.items[pool], item_interest)
    order = chosen(worth, vectors, share, what_if.diversity, what_if.calibration, k)
    places = pool[order]
    return Recommendation(
        items=training.items[places],
        scores=scores[places],
        novelty=bits[order],
        reasons=reasons(recommender, dataset, person, places) if explain else ((),) * len(places),
        note=NOTHING_KNOWN if person.is_empty else "",
    )


@dataclass(frozen=True, eq=False)
class Share:
    """``wanted``: (J,) fractions, sum 1, of the interests in the history. ``interest``: (N,) position in
    ``wanted`` of each candidate's interest, J - 1 for those that the history has none of.
    """

    wanted: Numbers
    interest: Rows

    def divergence(self, counts: Numbers) -> Numbers:
        """(J,) KL(p ‖ q̃) in nats, ≥ 0, of the list with ``counts`` (J,) once one more of each interest is in
        it: q̃ = 0.99 q + 0.01 p, q the list's fractions (Steck 2018).
        """
        after = (counts + np.eye(len(counts))) / (counts.sum() + 1)  # (J, J) a row per choice
        mixed = (1 - SMOOTHING) * after + SMOOTHING * self.wanted
        held = self.wanted > 0
        divergence: Numbers = np.log(self.wanted[held] / mixed[:, held]) @ self.wanted[held]
        return divergence


def chosen(
    worth: Numbers | Floats,
    vectors: Floats,
    share: Share | None,
    diversity: float,
    calibration: float,
    k: int,
) -> Rows:
    """At most k positions of N candidates, in order, each the best to add to those before it by

    (1 - c) · ((1 - d) · worth - d · largest cosine to a title before it) - c · KL(history ‖ list)

    With c = 0 that is maximal marginal relevance (Carbonell and Goldstein 1998), λ = 1 - d; with d = 0 the
    greedy calibration of Steck (2018). ``worth``: (N,); ``vectors``: (N, dim) L2-normalised.
    """
    if diversity == 0 and (calibration == 0 or share is None):
        return np.argsort(-worth, kind="stable")[:k].astype(np.int64)
    calibration = 0.0 if share is None else calibration
    nearest, left = np.zeros(len(worth)), np.ones(len(worth), bool)
    counts = np.zeros(0 if share is None else len(share.wanted))
    order: list[int] = []
    while len(order) < min(k, len(worth)):
        gain = (1 - calibration) * ((1 - diversity) * worth - diversity * nearest)
        if share is not None and calibration:
            gain = gain - calibration * share.divergence(counts)[share.interest]
        best = int(np.argmax(np.where(left, gain, -np.inf)))
        order.append(best)
        left[best] = False
        nearest = np.maximum(nearest, vectors @ vectors[best])
        if share is not None:
            counts[share.interest[best]] += 1
    return np.array(order, np.int64)


def to_unit(values: Floats) -> Numbers:
    """Values (N,) moved to [0, 1], the highest at 1; 1 where all are alike."""
    spread = np.ptp(values) if len(values) else 0
    if spread == 0:
        return np.ones(len(values))
    unit: Numbers = (values.astype(np.float64) - values.min()) / spread
    return unit


def _share(person: Profile, candidates: Rows, item_interest: Rows) -> Share | None:
    if not len(person.history):
        return None
    held, place = np.unique(item_interest[person.history.items], return_inverse=True)
    wanted = np.bincount(place, weights=person.counts)
    found = np.searchsorted(held, item_interest[candidates])
    known = held[np.minimum(found, len(held) - 1)] == item_interest[candidates]
    return Share(np.append(wanted / wanted.sum(), 0.0), np.where(known, found, len(held)).astype(np.int64))
