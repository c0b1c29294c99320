"""How much say each recommender gets in the blend, learned from users who were cold on purpose."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray

from recsys_core.recommend.answers import Answers, ndcg, ranks

Floats = NDArray[np.float32]
Weights = NDArray[np.float64]
POOL = 200
CACHED = 65_536  # numbers, of 4 bytes
STEPS = 4
BAGS = 100
PRIOR_USERS = 10
SHRINKS = (1.0, 3.0, 10.0)  # items; beside none
LEAST_GAIN = 1e-9  # in NDCG; less is rounding
CONFIDENCE = 1.2816  # one-sided 90 % of the normal distribution


def standardised(scores: Floats) -> Floats:
    """(P, T) scores per person at mean 0 and standard deviation 1; equal scores become 0."""
    unit: Floats = scores - scores.mean(1, keepdims=True)
    spread = np.sqrt(np.vecdot(unit, unit) / max(unit.shape[1], 1))[:, None]
    unit *= np.divide(1, spread, out=np.zeros_like(spread), where=spread > 1e-9)
    return unit


def blended(scores: Sequence[Floats], weights: Sequence[Weights]) -> Floats:
    """(P, T) Σ weight (P,) × ``standardised`` scores (P, T) of at least one recommender, a few people at a
    time, so that they stay in the processor's cache.
    """
    total = np.zeros_like(scores[0])
    step = max(1, CACHED // max(total.shape[1], 1))
    for at in range(0, len(total), step):
        for one, weight in zip(scores, weights, strict=True):
            some = slice(at, at + step)
            total[some] += standardised(one[some]) * weight[some, None].astype(np.float32)
    return total


@dataclass(frozen=True, eq=False)
class Pool:
    """``scores``: (M, P, W) standardised scores of the items that stand high for any of M recommenders,
    -inf where a person has fewer than W. ``truth``: per person the columns of their true items.
    """

    scores: Floats
    truth: tuple[NDArray[np.int64], ...]

    def quality(self, weights: Weights) -> Weights:
        """(P,) NDCG@10 of the sum of scores weighted by ``weights``: (M,), or (P, M) for each person."""
        used = np.flatnonzero(weights if weights.ndim == 1 else weights.any(0))
        say = weights[..., used].astype(np.float32)
        if weights.ndim == 1:
            return ndcg(ranks(np.tensordot(say, self.scores[used], 1), self.truth))
        return ndcg(ranks(np.einsum("pm,mpw->pw", say, self.scores[used]), self.truth))


def pool_of(scores: Sequence[Floats], answers: Answers, size: int = POOL) -> Pool:
    """The top ``size`` items of every recommender's scores (P, T), and all true items, per person."""
    units = np.stack([standardised(each) for each in scores])  # (M, P, T)
    size = min(size, units.shape[2])
    columns = [_high(units[:, person], true, size) for person, true in enumerate(answers.truth)]
    pooled = np.full((*units.shape[:2], max(map(len, columns))), -np.inf, np.float32)
    for person, chosen in enumerate(columns):
        pooled[:, person, : len(chosen)] = units[:, person, chosen]
    truth = [np.searchsorted(chosen, true) for chosen, true in zip(columns, answers.truth, strict=True)]
    return Pool(pooled, tuple(truth))


def joined(pools: Sequence[Pool]) -> Pool:
    """Of all their people, at least one pool of them, by the same recommenders."""
    widest = max(pool.scores.shape[2] for pool in pools)
    padded = [
        np.pad(pool.scores, ((0, 0), (0, 0), (0, widest - pool.scores.shape[2])), constant_values=-np.inf)
        for pool in pools
    ]
    return Pool(np.concatenate(padded, axis=1), tuple(true for pool in pools for true in pool.truth))


def learn_weights(
    pool: Pool, popularity: int, rng: np.random.Generator, popularities: Sequence[int] = ()
) -> Weights:
    """(M,) weights ≥ 0 that sum to 1; ``popularity`` is the column of the popularity to shrink to,
    ``popularities`` those of all that serve everyone the same.

    Every way of dealing out quarters is judged by its gain in NDCG@10 over the best single recommender, less
    one standard error (the one-standard-error rule, Breiman et al. 1984), on 100 bootstrap samples of the
    people, and the winners are averaged (bagging, Breiman 1996; subset weights as in Caruana et al. 2004).
    The mean is pulled to popularity as if ten more people had asked for it; where what is left is not better
    with 90 % confidence than popularity, and than every way of dealing out quarters among popularities alone,
    popularity gets all the weight: two of them together may beat one without knowing anybody.
    """
    n_models, n_people = pool.scores.shape[:2]
    mixes = simplex(n_models, STEPS)
    single = np.flatnonzero(mixes.max(1) == 1)
    quality = np.stack([pool.quality(mix) for mix in mixes])  # (G, P)
    bags = rng.multinomial(n_people, np.full(n_people, 1 / n_people), BAGS)  # (B, P)
    winners = [_winner(quality, single, bag) for bag in bags]
    pull, popular = PRIOR_USERS / (n_people + PRIOR_USERS), np.eye(n_models)[popularity]
    blended: Weights = (1 - pull) * mixes[winners].mean(0) + pull * popular
    impersonal = quality[mixes[:, [*{popularity, *popularities}]].sum(1) == 1]
    ours = pool.quality(blended)
    return blended if all(_surely_better(ours, theirs) for theirs in impersonal) else popular


def learn_shrink(pool: Pool, weights: Weights, popularity: int, known: Weights) -> float:
    """Which of ``SHRINKS`` does best on the pool's people, of each of whom so many items are ``known`` (P,);
    0 unless one gains more than its standard error over it.
    """
    plain, best, most = pool.quality(weights), 0.0, 0.0
    for shrink in SHRINKS:
        gain = pool.quality(by_knowledge(weights, popularity, known, shrink)) - plain
        surely = gain.mean() - gain.std() / np.sqrt(len(gain))
        if surely > most + LEAST_GAIN:
            best, most = shrink, surely
    return best


def by_knowledge(weights: Weights, popularity: int, known: Weights, shrink: float) -> Weights:
    """(P, M) ``weights`` (M,) pulled to ``popularity`` as if it were ``shrink`` more items than the ``known``
    (P,): the less is known of someone, the more they are shown what everyone likes.
    """
    own = np.divide(known, known + shrink, out=np.ones(len(known)), where=known + shrink > 0)[:, None]
    pulled: Weights = own * weights + (1 - own) * np.eye(len(weights))[popularity]
    return pulled


def _winner(quality: Weights, single: NDArray[np.int64], bag: NDArray[np.int64]) -> int:
    """Which mix gains most over the best of the ``single`` ones, less one standard error, where person p
    counts ``bag[p]`` times; that single one where none does.
    """
    n_people, mean = bag.sum(), quality @ bag / bag.sum()
    best = single[mean[single].argmax()]
    gain = mean - mean[best]
    spread = np.square(quality - quality[best]) @ bag / n_people - np.square(gain)
    surely = gain - np.sqrt(spread.clip(min=0) / n_people)
    return int(surely.argmax() if surely.max() > LEAST_GAIN else best)


def simplex(width: int, steps: int) -> Weights:
    """(G, width) all weights ≥ 0 in whole ``steps``-ths that sum to 1."""
    dealt = combinations_with_replacement(range(width), steps)
    return np.stack([np.bincount(hands, minlength=width) / steps for hands in dealt])


def _high(units: Floats, true: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    top = np.argpartition(-units, size - 1, axis=1)[:, :size]
    return np.union1d(top.ravel(), true).astype(np.int64)


def _surely_better(ours: Weights, theirs: Weights) -> bool:
    gain = ours - theirs
    error = gain.std() / np.sqrt(len(gain))
    return bool(gain.mean() > CONFIDENCE * error)
