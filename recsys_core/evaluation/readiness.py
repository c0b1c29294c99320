"""Is what a log holds enough for the questions asked of it, and if not, how much more it takes."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recsys_core.catalogue.coverage import ENOUGH_USERS, FEW_USERS, Evidence
from recsys_core.catalogue.dataset import Dataset
from recsys_core.catalogue.users import events_per_domain
from recsys_core.evaluation.popular_first import popularity_ndcg
from recsys_core.evaluation.splits import FEWEST_OVERLAP_USERS, TEST_SHARE

Numbers = NDArray[np.float64]
Z: Final = 1.96
"""The 97.5 % point of the normal distribution, for 95 % intervals."""

NARROW: Final = 0.25
"""A half-width of at most this fraction of what popularity reaches is narrow: a recommender that is a
quarter better then lies outside the interval."""

FEWEST_HITS: Final = 10
"""So many users must be hit by popularity at all for their spread to be believed."""


@dataclass(frozen=True)
class Transfer:
    """Whether a test could tell that domain ``source`` helps people who are new to ``target``.

    ``n_users``: shared users. ``n_test``: those of them that the cold-user split holds out. ``mean``:
    popularity's NDCG@10. ``half_width``: of the 95 % interval of that mean over the ``n_test``, in NDCG@10;
    None where it cannot be told. ``wanted``: the half-width that would be enough; ``n_wanted``: about how
    many shared users give it. ``borrowed``: too few shared users are hit by popularity to go by, so that mean
    and width are those of all users of ``target``.
    """

    source: str
    target: str
    n_users: int
    n_test: int
    mean: float
    half_width: float | None
    wanted: float | None
    n_wanted: int
    borrowed: bool
    evidence: Evidence


def transfers(dataset: Dataset) -> tuple[Transfer, ...]:
    """Every direction between two domains, the weakest evidence first, then fewest shared users."""
    seen = events_per_domain(dataset) > 0  # (U, D)
    found = []
    for target, name in enumerate(dataset.domains):
        ndcg = popularity_ndcg(dataset, target)
        for source, other in enumerate(dataset.domains):
            if source != target:
                shared = ndcg[seen[:, source] & seen[:, target]]
                found.append(transfer(other, name, shared, ndcg[seen[:, target]]))
    return tuple(sorted(found, key=_weakest_first))


def transfer(source: str, target: str, ndcg: Numbers, everyone: Numbers) -> Transfer:
    """One direction from popularity's NDCG@10 for each shared user, (n,), and for ``everyone`` in the target.

    Half-width = 1.96 · sd / √n_test, the normal 95 % interval of a mean (Student 1908, for large n), with
    sd the standard deviation over the shared users (n - 1 below the line) and n_test the fifth of them
    that the cold-user split holds out. Solved for n, it says how many shared users are wanted. Where fewer
    than ``FEWEST_HITS`` shared users are hit, their sd is near 0 for want of luck; that of everyone in the
    target then stands in, and the verdict is "too few" whatever it says.
    """
    n_users, n_test = len(ndcg), round(TEST_SHARE * len(ndcg))
    borrowed = bool(np.count_nonzero(ndcg) < FEWEST_HITS)
    judged = everyone if borrowed else ndcg
    if np.count_nonzero(judged) < FEWEST_HITS:
        few = Evidence.TOO_FEW
        return Transfer(source, target, n_users, n_test, 0.0, None, None, ENOUGH_USERS, borrowed, few)
    mean, spread = float(judged.mean()), float(judged.std(ddof=1))
    wanted = NARROW * mean
    n_wanted = max(ENOUGH_USERS, int(np.ceil((Z * spread / wanted) ** 2 / TEST_SHARE)))
    half_width = Z * spread / n_test**0.5 if n_users >= FEWEST_OVERLAP_USERS else None
    evidence = Evidence.TOO_FEW
    if half_width is not None and not borrowed:
        evidence = _evidence(n_users, half_width, mean)
    return Transfer(source, target, n_users, n_test, mean, half_width, wanted, n_wanted, borrowed, evidence)


def _evidence(n_users: int, half_width: float, mean: float) -> Evidence:
    """Enough: a narrow interval over 40 users or more. Too few: it reaches down to nothing at all."""
    if n_users < FEW_USERS or half_width >= mean:
        return Evidence.TOO_FEW
    return Evidence.ENOUGH if n_users >= ENOUGH_USERS and half_width <= NARROW * mean else Evidence.SOME


def _weakest_first(one: Transfer) -> tuple[int, int, str, str]:
    return list(Evidence)[::-1].index(one.evidence), one.n_users, one.source, one.target
