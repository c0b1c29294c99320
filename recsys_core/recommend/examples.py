"""What past users teach about newcomers: what they held elsewhere, and what they took here."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recsys_core.catalogue.dataset import Dataset
from recsys_core.recommend.features import mean_text
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommender import Training
from recsys_core.recommend.taken import taken_by, users_with

Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]
FEWEST = 20


@dataclass(frozen=True, eq=False)
class Examples:
    """Of N users: ``held`` (N, I) 0/1 items known beforehand, ``text`` (N, dim) L2-normalised mean of
    their texts, ``taken`` (N, T) 0/1 target items by position. ``users``: (N,) their rows; ``before``: (E,)
    the events known beforehand, of anyone.
    """

    held: csr_array
    text: Floats
    taken: csr_array
    users: NDArray[np.int64]
    before: Flags

    def __len__(self) -> int:
        """N."""
        return int(self.held.shape[0])

    def profiles(self, training: Training) -> tuple[Profile, ...]:
        """What was known of each beforehand."""
        offsets = training.dataset.offsets
        known = (self.before[offsets[user] : offsets[user + 1]] for user in self.users.tolist())
        histories = (training.dataset.history(user) for user in self.users.tolist())
        return tuple(Profile(h.only(flags)) for h, flags in zip(histories, known, strict=True))

    @property
    def mean_taken(self) -> Floats:
        """(T,) fraction of the users who took each item; zeros where there are no users."""
        sums = np.asarray(self.taken.sum(0), np.float64) / max(len(self), 1)
        return sums.astype(np.float32)


def examples(training: Training, most: int, rng: np.random.Generator) -> Examples:
    """Users with events both in the target and elsewhere; what they held elsewhere predicts what they
    took in the target. Where fewer than 20 are, every user's older half of their target events
    predicts the newer half. At most ``most`` users, drawn without replacement.
    """
    held, taken, users = _sides(training)
    if len(users) > most:
        users = np.sort(rng.choice(users, most, replace=False))
    some, events = training.dataset.of_users(users), training.dataset.rows_of(users)
    rows = taken_by(some, np.arange(some.n_items), held[events])[users]
    outcome = taken_by(some, training.items, taken[events])[users]
    return Examples(rows, mean_text(rows, training.text_vectors), outcome, users, held)


def n_examples(training: Training, most: int) -> int:
    """How many users ``examples`` gives."""
    return min(most, len(_sides(training)[2]))


def _sides(training: Training) -> tuple[Flags, Flags, NDArray[np.int64]]:
    """Which events (E,) are held and which taken, and the users who have both."""
    in_target = training.dataset.event_domain == training.target
    held, taken = ~in_target, in_target
    users = _users(training, held, taken)
    if len(users) < FEWEST:
        held = training.dataset.by_pieces(lambda piece: _older_half(piece, training.target))
        taken = in_target & ~held
        users = _users(training, held, taken)
    return held, taken, users


def _users(training: Training, held: Flags, taken: Flags) -> NDArray[np.int64]:
    both = users_with(training.dataset, held) & users_with(training.dataset, taken)
    return np.flatnonzero(both).astype(np.int64)


def _older_half(piece: Dataset, target: int) -> Flags:
    """(E,) which events are of the older half of their user's target events."""
    rows = np.flatnonzero(piece.event_domain == target)
    user = piece.user[rows]
    start = np.searchsorted(user, user)
    count = np.searchsorted(user, user, "right") - start
    older = np.zeros(piece.n_events, bool)
    older[rows[np.arange(len(rows)) - start < count // 2]] = True
    return older


def user_items(training: Training, items: NDArray[np.int64] | None = None) -> csr_array:
    """(U, I) float32, 1 where a user took an item, in any domain; only the columns of ``items``, row numbers,
    ascending, where given.
    """
    return taken_by(training.dataset, np.arange(training.dataset.n_items) if items is None else items)


def spoken(say: Floats, taken: csr_array, mean: Floats) -> Floats:
    """(P, T) say (Y - ȳ) + ȳ: what N past users with ``say`` (P, N) expect of someone who is to take as they
    took, Y (N, T) ``taken``, beside what anyone takes, ȳ (T,) ``mean``.
    """
    scores: Floats = np.ascontiguousarray((taken.T @ say.T).T)
    scores += np.outer(1 - say.sum(1), mean)
    return scores
