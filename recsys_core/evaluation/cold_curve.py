"""How fast recommenders get better as people who were new to a domain take their first titles in it."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recsys_core.catalogue.history import History
from recsys_core.columns import USER
from recsys_core.evaluation.judging import judge
from recsys_core.evaluation.resampled import Resampled
from recsys_core.evaluation.splits import ColdUsers
from recsys_core.privacy import SMALLEST_GROUP
from recsys_core.randomness import rng_from
from recsys_core.recommend.answers import ndcg
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommender import Recommender

Rows = NDArray[np.int64]
KNOWN: Final = (0, 1, 2, 3, 5, 10)
MOST_USERS: Final = 1_000
CURVE_COLUMNS: Final = ("known", "model", "mean", "low", "high", "n_users")


def known_and_last(cold: ColdUsers, n_known: int, users: Rows | None = None) -> ColdUsers:
    """Who took more than ``n_known`` different items in the target: the first ``n_known`` of them are now
    in the profile, and asked for is the last one, so that a person is asked the same at every number.

    ``users``: positions in ``cold``, all by default.
    """
    chosen, profiles, truth = [], [], []
    for user in range(len(cold)) if users is None else users.tolist():
        hidden, before = cold.hidden[user], cold.profiles[user].history
        first = np.sort(np.unique(hidden.items, return_index=True)[1])
        if len(first) > n_known:
            taken = hidden.only(np.isin(np.arange(len(hidden)), first[:n_known]))
            chosen.append(cold.users[user])
            profiles.append(Profile.from_history(_joined(before, taken)))
            at = np.searchsorted(np.unique(hidden.items), hidden.items[first[-1]])
            truth.append(cold.truth[user][[at]])
    return ColdUsers(np.array(chosen, np.int64), cold.target, tuple(profiles), tuple(truth))


def known_scores(recommender: Recommender, cold: ColdUsers, items: Rows, seed: int = 0) -> pd.DataFrame:
    """A row per number known and test user who took more: ``known``, ``user`` and the NDCG@10, ``value``.
    Nothing is fitted anew. At most 1,000 users, drawn evenly, the same for every recommender.
    """
    chosen = np.arange(len(cold))
    if len(cold) > MOST_USERS:
        chosen = np.sort(rng_from(seed, "cold curve").choice(chosen, MOST_USERS, replace=False))
    parts = []
    for n_known in KNOWN:
        asked = known_and_last(cold, n_known, chosen)
        if len(asked):
            values = ndcg(judge(recommender, asked, items).ranks)
            parts.append(pd.DataFrame({"known": n_known, USER: asked.users, "value": values}))
    return pd.concat(parts, ignore_index=True)


def cold_curve(scores: Sequence[pd.DataFrame], names: Sequence[str]) -> pd.DataFrame:
    """Columns ``CURVE_COLUMNS``: per number known and model the mean NDCG@10 and its 95 % interval.
    ``scores``: of each split ``known``, ``user`` and a column per model. Numbers with fewer than 10 users
    are left out.
    """
    rows = []
    together = pd.concat(scores, ignore_index=True)
    for known, part in together.groupby("known"):
        by_user = part.groupby(USER)[list(names)].mean()
        if len(by_user) >= SMALLEST_GROUP:
            found = Resampled.of(by_user, rng_from(0, "cold curve", str(known)))
            for name in names:
                value = found.mean(name)
                rows.append((known, name, value.mean, value.low, value.high, len(by_user)))
    return pd.DataFrame(rows, columns=list(CURVE_COLUMNS))


def _joined(one: History, other: History) -> History:
    """The events of both, oldest first."""
    times = np.concatenate([one.times, other.times])
    order = np.argsort(times, kind="stable")
    items = np.concatenate([one.items, other.items])[order]
    return History(items, times[order], np.concatenate([one.weights, other.weights])[order])
