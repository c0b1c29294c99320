"""Names of interests: the words that set their items apart (class-based TF-IDF)."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, count

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recsys_core.interests.vocabulary import Vocabulary
from recsys_core.interests.words import is_unspaced

_CANDIDATES = 40
_TERMS_IN_NAME = 3
_TERMS_KEPT = 8
_ENOUGH = 0.35
_GROWS_FROM = 0.4
_STANDS_ALONE = 0.5
_NAMELESS = "Mixed"


@dataclass(frozen=True)
class InterestName:
    """``name``: one to three terms in title case, e.g. "Coffee, Espresso"; ``terms``: up to eight."""

    name: str
    terms: tuple[str, ...]


def name_clusters(vocabulary: Vocabulary, labels: NDArray[np.int64], k: int) -> tuple[InterestName, ...]:
    """One name for each of the labels 0 … k-1 (-1: no cluster) that ``labels`` (I,) gives the items.

    Class-based TF-IDF (Grootendorst 2022): a term's rate in the cluster times log(1 + A / f), with f
    its rate summed over clusters and A the mean of a cluster's summed rates; times the term's trust. A
    word that mostly occurs in one pair ("slow" in "slow cooker") gives way to the pair; no word comes
    twice in a name, also not as a plural; no two clusters share their first term or their name.
    Clusters without words are "Mixed".
    """
    rates = _rates(vocabulary, labels[vocabulary.rows], k)
    total = rates.sum(axis=0)
    scores = rates * np.log1p(rates.sum() / k / np.maximum(total, 1e-12)) * vocabulary.trust
    leaders: set[int] = set()
    named: dict[int, InterestName] = {}
    for cluster in np.argsort(-scores.max(axis=1, initial=0.0), kind="stable").tolist():
        picked, n_strong = _pick(vocabulary.keys, scores[cluster], rates[cluster], leaders)
        leaders.update(picked[:1])
        terms = tuple(vocabulary.shown[at] for at in picked)
        named[cluster] = _first_free(terms, n_strong, {other.name for other in named.values()})
    return tuple(named[cluster] for cluster in range(k))


def _rates(vocabulary: Vocabulary, labels: NDArray[np.int64], k: int) -> NDArray[np.float64]:
    """(k, V): the mean weight of each term over the cluster's items."""
    read = np.flatnonzero(labels >= 0)
    members = csr_array((np.ones(len(read)), (labels[read], read)), (k, len(labels)))
    size = np.maximum(np.bincount(labels[read], minlength=k), 1)
    return np.asarray((members @ vocabulary.weight).toarray() / size[:, None])


def _pick(
    keys: Sequence[str], scores: NDArray[np.float64], rates: NDArray[np.float64], leaders: set[int]
) -> tuple[list[int], int]:
    """Up to eight terms without a common word, best first, and how many are strong enough for a name."""
    order = [at for at in np.argsort(-scores, kind="stable")[:_CANDIDATES].tolist() if scores[at] > 0]
    picked: list[int] = []
    used: set[str] = set()
    n_strong = 0
    for candidate in order:
        term = _grown(candidate, order, keys, rates)
        if used & _pieces(keys[term]):
            continue
        used |= _pieces(keys[term])
        picked.append(term)
        n_strong += scores[candidate] >= _ENOUGH * scores[order[0]]
    lead = next((place for place, term in enumerate(picked) if term not in leaders), 0)
    picked = picked[lead : lead + 1] + picked[:lead] + picked[lead + 1 :]
    return picked[:_TERMS_KEPT], min(max(n_strong, lead + 1, 1), _TERMS_IN_NAME)


def _grown(at: int, order: Sequence[int], keys: Sequence[str], rates: NDArray[np.float64]) -> int:
    """The longest candidate around the term in at least two fifths of its uses; the term itself where
    there is none, or where it stands for most of the cluster.
    """
    if rates[at] > _STANDS_ALONE:
        return at
    around = [o for o in order if _contains(keys[o], keys[at]) and rates[o] >= _GROWS_FROM * rates[at]]
    return max(around, key=lambda o: (len(_pieces(keys[o])), rates[o]), default=at)


def _contains(longer: str, key: str) -> bool:
    return longer != key and (key in longer if is_unspaced(key) else key in longer.split(" "))


def _pieces(key: str) -> frozenset[str]:
    """What must not come twice in a name: words, or characters of a script without spaces."""
    return frozenset(key if is_unspaced(key) else key.split(" "))


def _first_free(terms: tuple[str, ...], n_strong: int, taken: set[str]) -> InterestName:
    base = [", ".join(terms[:n]) for n in range(max(n_strong, 1), len(terms) + 1)] or [_NAMELESS]
    numbered = (f"{base[0]} {n}" for n in count(2))
    return InterestName(next(name for name in chain(base, numbered) if name not in taken), terms)
