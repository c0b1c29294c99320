"""Taste: coordinates of items in which a change of one user is looked for.

How far two items lie apart in text says what they are, not whether taking both is a change of taste: some
differences are found within everybody, others tell people apart. So items are laid along Fisher's
discriminants of the users (Fisher 1936; Rao 1948), from their text vectors and from who takes what
together, beside the main directions of their text. The discriminants are learned from other users than
those they are used for (cross-fitting, Chernozhukov et al. 2018), so that nobody's own events make their
own items alike; and the order of events plays no part in them, so a test by shuffling stays exact.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh
from scipy.sparse import csr_array, diags_array

from recsys_core.catalogue.dataset import PIECE_EVENTS, Dataset
from recsys_core.interests.directions import unit
from recsys_core.migration.arrays import Floats, Ints
from recsys_core.progress import Progress

FOLDS: Final = 5
"""The users of one are laid along what the users of the others teach."""

DIRECTIONS: Final = 16

MOST_USERS: Final = 1_000_000
"""So many people at most teach where items lie."""

FEWEST_USERS: Final = 50
"""With fewer who came back there is no telling what tells users apart; variance alone decides then."""

_FACTORS: Final = 32
_BESIDE: Final = 0.5  # length of an item's co-occurrence vector beside its text vector of length 1
_COMMON: Final = 5.0  # events that an item is thought to have besides its own: rare ones say little
_RIDGE: Final = 1e-4
_USERS_TOGETHER: Final = 50_000
_ITEMS_TOGETHER: Final = 100_000
_COLUMNS_TOGETHER: Final = 64
_NONE: Final = 1e-9


@dataclass(frozen=True, eq=False)
class Taste:
    """The views in which a change is looked for, each (F, I, d) float32: the point of each item as other
    users than those of each fold teach; user row u is in fold u mod F.
    """

    views: tuple[NDArray[np.float32], ...]

    def of(self, user: Ints, item: Ints) -> list[Floats]:
        """(E, d) the points of events, in each view."""
        return [points[user % len(points), item].astype(np.float64) for points in self.views]


def learn_taste(dataset: Dataset, text_vectors: NDArray[np.float32], progress: Progress) -> Taste:
    """Where the items of ``dataset`` lie; ``text_vectors`` (I, dim), zero where unknown.

    Two views: taste and text together, and text alone. Where many people make the same moves, what they
    move between no longer tells people apart; there the text sees more.
    """
    text, folds = unit(text_vectors), []
    for fold in range(FOLDS):
        progress.check_cancelled()
        folds.append(_coordinates(_taken(dataset, fold), text))
    return Taste(tuple(_stacked(view) for view in zip(*folds, strict=True)))


def _stacked(folds: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    """(F, I, d), with zeros where a fold has fewer coordinates."""
    width = max(points.shape[1] for points in folds)
    return np.stack([np.pad(points, ((0, 0), (0, width - points.shape[1]))) for points in folds])


def _taken(dataset: Dataset, fold: int) -> csr_array:
    """(users, I) how often each of the users who teach a ``fold`` took each item: those of the others, of
    more than ``MOST_USERS`` only every second, third, … Users without events have no row.
    """
    every = -(-dataset.n_users // MOST_USERS)
    parts = []
    for piece in dataset.pieces(PIECE_EVENTS):
        teaches = (piece.user % FOLDS != fold) & (piece.user // FOLDS % max(every, 1) == 0)
        parts.append((piece.user[teaches], piece.item[teaches]))
    user, item = (np.concatenate(column) for column in zip(*parts, strict=True))
    count = np.cumsum(np.diff(user, prepend=-1) != 0)
    n_users = int(count.max(initial=0))
    taken = csr_array((np.ones(len(count)), (count - 1, item)), (n_users, dataset.n_items))
    taken.sum_duplicates()
    return taken


def _coordinates(
    taken: csr_array, text: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(I, ≤ 2 DIRECTIONS) taste beside text, and (I, ≤ DIRECTIONS) text alone, as what was ``taken`` teaches
    them; taste and text vary alike within users.
    """
    counts = taken.sum(axis=0)
    features = np.hstack([text, _BESIDE * _taken_together(taken)])
    taken = taken[taken.sum(axis=1) >= 2]
    if taken.shape[0] >= FEWEST_USERS:
        taste = _discriminants(features, taken)
    else:
        taste = _principal(features, counts)
    plain = _principal(text, counts)
    together = [points / _spread_within(points, taken) for points in (taste, plain)]
    return np.hstack(together).astype(np.float32), plain


def _spread_within(points: NDArray[np.float32], taken: csr_array) -> float:
    """The pooled standard deviation of ``points`` (I, d) around each user's mean; 1 where nobody varies."""
    squares = float(taken.sum(axis=0) @ (points.astype(np.float64) ** 2).sum(axis=1))
    n = taken.sum(axis=1)
    left = squares - float((((taken @ points) ** 2).sum(axis=1) / np.maximum(n, 1)).sum())
    spread = float(np.sqrt(max(left, 0.0) / max(n.sum() - len(n), 1)))
    return spread if spread > _NONE else 1.0


def _taken_together(taken: csr_array) -> NDArray[np.float32]:
    """(I, ≤ 32) of length 1 or zero: items that the same users take lie near each other.

    Truncated singular value decomposition of who took what, divided by the roots of the users' and the
    items' numbers of events (as in spectral co-clustering, Dhillon 2001).
    """
    from sklearn.utils.extmath import randomized_svd

    once = taken.astype(np.bool_).astype(np.float64)
    of_user, of_item = once.sum(axis=1), once.sum(axis=0)
    scaled = diags_array(np.maximum(of_user, 1) ** -0.5) @ once @ diags_array((of_item + _COMMON) ** -0.5)
    most = min(_FACTORS, *taken.shape)
    if most < 1:
        return np.zeros((taken.shape[1], 0), np.float32)
    _, strength, factors = randomized_svd(scaled, most, random_state=0)
    return unit(np.asarray(factors.T * strength, np.float32))


def _discriminants(features: NDArray[np.float32], taken: csr_array) -> NDArray[np.float32]:
    """(I, ≤ DIRECTIONS): variance 1 within users, times λ / (1 + λ) for a variance of λ between them,
    the share of what one event shows along it that is taste and no chance.
    """
    of_item, of_user = taken.sum(axis=0), taken.sum(axis=1)
    mean = (of_item @ features) / of_item.sum()
    within = _scatter(features, mean, of_item)
    between = np.zeros_like(within)
    weight = (of_user - 1) / (of_user - 1).sum()
    for start in range(0, taken.shape[0], _USERS_TOGETHER):
        some = slice(start, start + _USERS_TOGETHER)
        means = _sums(taken[some], features, mean) / of_user[some, None]
        within -= (means * of_user[some, None]).T @ means
        between += (means * weight[some, None]).T @ means
    within /= (of_user - 1).sum()
    between -= within * (weight / of_user).sum()  # what means of so few events show by chance
    within += _RIDGE * np.trace(within) / len(within) * np.eye(len(within))
    variance, axes = eigh(between, within)
    variance, axes = variance[::-1][:DIRECTIONS], axes[:, ::-1][:, :DIRECTIONS]
    share = np.maximum(variance, 0.0) / (1 + np.maximum(variance, 0.0))
    return _along(features, mean, axes, share)


def _principal(features: NDArray[np.float32], events: Floats) -> NDArray[np.float32]:
    """(I, ≤ DIRECTIONS) along the main directions, items weighted by their events."""
    mean = (events @ features) / max(events.sum(), 1)
    directions = np.linalg.eigh(_scatter(features, mean, events))[1][:, ::-1]
    return _along(features, mean, directions[:, :DIRECTIONS], np.ones(1))


def _scatter(features: NDArray[np.float32], mean: Floats, weight: Floats) -> Floats:
    """(d, d) Σ over items of weight · x xᵀ, x being ``features`` (I, d) less their ``mean``."""
    scatter = np.zeros((features.shape[1], features.shape[1]))
    for some in _blocks(len(features), _ITEMS_TOGETHER):
        centred = features[some] - mean
        scatter += (centred * weight[some, None]).T @ centred
    return scatter


def _sums(taken: csr_array, features: NDArray[np.float32], mean: Floats) -> Floats:
    """(users, d) of what each took, ``features`` less their ``mean``; a few of d at a time, as float64."""
    columns = _blocks(features.shape[1], _COLUMNS_TOGETHER)
    return np.hstack([taken @ (features[:, some] - mean[some]) for some in columns])


def _along(features: NDArray[np.float32], mean: Floats, axes: Floats, scale: Floats) -> NDArray[np.float32]:
    """(I, axes) the coordinates of ``features`` less their ``mean``, each times its ``scale``."""
    blocks = _blocks(len(features), _ITEMS_TOGETHER)
    return np.concatenate([(((features[some] - mean) @ axes) * scale).astype(np.float32) for some in blocks])


def _blocks(n: int, size: int) -> list[slice]:
    return [slice(start, start + size) for start in range(0, max(n, 1), size)]
