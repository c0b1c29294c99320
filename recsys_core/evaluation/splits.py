"""Which events a model may learn from, and which it is judged by."""

import hashlib
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recsys_core.catalogue.dataset import Dataset
from recsys_core.catalogue.history import History
from recsys_core.catalogue.users import events_per_domain
from recsys_core.errors import NotEnoughDataError
from recsys_core.randomness import rng_from
from recsys_core.recommend.answers import Answers
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.taken import users_with

Rows = NDArray[np.int64]
Flags = NDArray[np.bool_]
FEWEST_OVERLAP_USERS = 20
TEST_SHARE = 0.2
VALIDATION_SHARE = 0.1


@dataclass(frozen=True, eq=False)
class ColdUsers:
    """``users``: (P,) int64 user rows, ascending. ``target``: index of the domain asked about.
    ``profiles``: what may be known of each. ``truth``: per user the (n,) int64 positions, n ≥ 1,
    ascending, within ``dataset.domain_items(target)`` of the items they took. ``hidden``: the events
    behind the truth, oldest first; () where nobody asked for them.
    """

    users: Rows
    target: int
    profiles: tuple[Profile, ...]
    truth: tuple[Rows, ...]
    hidden: tuple[History, ...] = ()

    def __len__(self) -> int:
        """P."""
        return len(self.users)

    @property
    def answers(self) -> Answers:
        """Profiles and truth, as the recommenders read them."""
        return Answers(self.profiles, self.truth)

    @property
    def histories(self) -> tuple[History, ...]:
        """The histories of the profiles."""
        return tuple(profile.history for profile in self.profiles)


@dataclass(frozen=True, eq=False)
class Split:
    """``train`` holds neither the answers of ``validation`` nor of ``test``; ``final`` those of
    ``validation`` too, for the last fit with the choices made. ``sources``: indices of the domains
    that profiles come from. ``hash``: 16 hex digits over data, protocol, seed and chosen users.
    """

    protocol: str
    train: Dataset
    final: Dataset
    validation: ColdUsers
    test: ColdUsers
    target: int
    sources: tuple[int, ...]
    seed: int
    hash: str

    @property
    def target_name(self) -> str:
        """Name of the target domain."""
        return self.train.domains[self.target]


@dataclass(frozen=True, eq=False)
class Holdout:
    """``train`` holds no answer of ``validation``, which has one entry per target domain that has any."""

    train: Dataset
    validation: tuple[ColdUsers, ...]
    hash: str

    def for_target(self, target: int) -> ColdUsers | None:
        """The users who are cold in domain ``target``, or None where there are none."""
        return next((cold for cold in self.validation if cold.target == target), None)


def cold_user_split(
    dataset: Dataset,
    target: int,
    sources: Sequence[int] | None = None,
    seed: int = 0,
    test: float = TEST_SHARE,
    validation: float = VALIDATION_SHARE,
) -> Split:
    """Overlap users who lose *all* target events: fraction ``test`` of them for the test, ``validation``
    for choices, no user in both. ``sources``: domain indices, all others by default; events of
    further domains are left out everywhere.

    Raises NotEnoughDataError with fewer than 20 users in both the target and the sources.
    """
    sources = _sources(dataset, target, sources)
    overlap = _overlap(dataset, target, sources)
    order = rng_from(seed, "cold-user", str(target)).permutation(overlap)
    n_test, n_validation = (round(share * len(overlap)) for share in (test, validation))
    testers, validators = np.sort(order[:n_test]), np.sort(order[n_test : n_test + n_validation])
    usable = _one_of([target, *sources], dataset.event_domain, len(dataset.domains))
    in_target = dataset.event_domain == target
    of_test, of_validation = (
        _one_of(users, dataset.user, dataset.n_users) for users in (testers, validators)
    )
    final = usable & ~(in_target & of_test)
    return Split(
        "cold-user",
        train=dataset.select_events(final & ~(in_target & of_validation)),
        final=dataset.select_events(final),
        validation=_asked(dataset, validators, target, usable & ~in_target, in_target),
        test=_asked(dataset, testers, target, usable & ~in_target, in_target),
        target=target,
        sources=tuple(sources),
        seed=seed,
        hash=_hash(dataset, "cold-user", target, sources, seed, testers, validators),
    )


def overlap_users(dataset: Dataset, target: int, sources: Sequence[int]) -> Rows:
    """User rows, ascending, of those with events in ``target`` and in any of the ``sources``."""
    domains = _user_domains(dataset)
    return np.flatnonzero(domains[:, target] & domains[:, list(sources)].any(1))


def cold_item_split(
    dataset: Dataset, target: int, seed: int = 0, test: float = 0.1, validation: float = 0.1
) -> Split:
    """The newest items of the target domain (by first event) lose *all* events: fraction ``test`` of
    them for the test, the next newest fraction ``validation`` for choices. Judged by the users who
    took them and have other events; seen items stay candidates only where not in the profile.

    Raises NotEnoughDataError where that leaves nobody to judge by.
    """
    items = dataset.domain_items(target)
    first = np.full(dataset.n_items, np.iinfo(np.int64).max)
    np.minimum.at(first, dataset.item, dataset.time)
    taken = items[first[items] < np.iinfo(np.int64).max]
    newest = taken[np.lexsort((taken, first[taken]))][::-1]
    n_test, n_validation = (max(1, round(share * len(newest))) for share in (test, validation))
    of_test, of_validation = (
        _one_of(items, dataset.item, dataset.n_items)
        for items in (newest[:n_test], newest[n_test : n_test + n_validation])
    )
    return _answered_split(dataset, "cold-item", target, seed, ~of_test, of_test, of_validation)


def next_item_split(
    dataset: Dataset, target: int, seed: int = 0, test: float = 0.1, validation: float = 0.1
) -> Split:
    """One global cut in time: the last fraction ``test`` of the target's events is the test, the
    fraction ``validation`` before it is for choices; the model sees only what came earlier. The answer
    is each user's first target item after the cut that they had not taken before.

    Raises NotEnoughDataError where that leaves nobody to judge by.
    """
    in_target = dataset.event_domain == target
    count = int(in_target.sum())
    if not count:
        raise _nobody(dataset, "next-item", target)
    cut, earlier = (
        _nth_time(dataset, in_target, min(count - 1, int(count * (1 - share))))
        for share in (test, test + validation)
    )
    before = dataset.time < cut
    of_test = _next_new(dataset, target, cut)
    of_validation = _next_new(dataset, target, earlier) & before
    past = dataset.time < earlier
    return _answered_split(dataset, "next-item", target, seed, before, of_test, of_validation, past)


def leave_one_out_split(dataset: Dataset, target: int) -> Split:
    """Each user's last target event is the test, the one before it is for choices; users with fewer than
    three are only learned from. Only to compare with papers: a model learns from events that happen
    after those it is asked for.

    Raises NotEnoughDataError where that leaves nobody to judge by.
    """
    place = dataset.by_pieces(lambda piece: _from_the_end(piece, target))
    return _answered_split(dataset, "leave-one-out", target, 0, place != 1, place == 1, place == 2)


def validation_holdout(dataset: Dataset, seed: int, fraction: float = 0.1) -> Holdout:
    """Users for early stopping: ``fraction`` of the users with events in two domains or more, each of
    whom loses all events of *one* of their domains, drawn evenly. Where fewer than 20 users are in two
    domains, ``fraction`` of the users with two events or more, each of whom loses their last event.
    """
    rng = rng_from(seed, "validation holdout")
    domains = _user_domains(dataset)  # (U, D)
    overlap = np.flatnonzero(domains.sum(1) >= 2)
    if len(overlap) >= FEWEST_OVERLAP_USERS:
        users = _draw(overlap, fraction, rng)
        lost = np.argmax(np.where(domains[users], rng.random((len(users), len(dataset.domains))), -1), 1)
        assigned = np.full(dataset.n_users, -1)
        assigned[users] = lost
        held = dataset.by_pieces(lambda piece: assigned[piece.user] == piece.event_domain)
    else:
        users = _draw(np.flatnonzero(np.diff(dataset.offsets) >= 2), fraction, rng)
        held = np.zeros(dataset.n_events, bool)
        held[dataset.offsets[users + 1] - 1] = True
    entries = (_holdout_entry(dataset, target, held) for target in range(len(dataset.domains)))
    return Holdout(
        train=dataset.select_events(~held),
        validation=tuple(cold for cold in entries if len(cold)),
        hash=_hash(dataset, "holdout", -1, (), seed, users, np.flatnonzero(held)),
    )


def _answered_split(
    dataset: Dataset,
    protocol: str,
    target: int,
    seed: int,
    final: Flags,
    of_test: Flags,
    of_validation: Flags,
    known: Flags | None = None,
) -> Split:
    """A split by event flags (E,): profiles are the events known before the answers."""
    known = final & ~of_validation if known is None else known
    testers = np.flatnonzero(users_with(dataset, of_test) & users_with(dataset, final))
    validators = np.flatnonzero(users_with(dataset, of_validation) & users_with(dataset, known))
    if not len(testers):
        raise _nobody(dataset, protocol, target)
    return Split(
        protocol,
        train=dataset.select_events(known),
        final=dataset.select_events(final),
        validation=_asked(dataset, validators, target, known, of_validation),
        test=_asked(dataset, testers, target, final, of_test),
        target=target,
        sources=tuple(range(len(dataset.domains))),
        seed=seed,
        hash=_hash(dataset, protocol, target, (), seed, testers, validators),
    )


def _asked(dataset: Dataset, users: Rows, target: int, known: Flags, answer: Flags) -> ColdUsers:
    items = dataset.domain_items(target)
    profiles, truth, hidden = [], [], []
    for user in users.tolist():
        rows = np.arange(dataset.offsets[user], dataset.offsets[user + 1])
        seen, taken = rows[known[rows]], rows[answer[rows]]
        profiles.append(Profile.from_history(_history(dataset, seen)))
        hidden.append(_history(dataset, taken))
        truth.append(np.searchsorted(items, np.unique(dataset.item[taken])).astype(np.int64))
    return ColdUsers(users.astype(np.int64), target, tuple(profiles), tuple(truth), tuple(hidden))


def _history(dataset: Dataset, rows: Rows) -> History:
    return History(dataset.item[rows], dataset.time[rows], dataset.weight[rows])


def _holdout_entry(dataset: Dataset, target: int, held: Flags) -> ColdUsers:
    answer = held & (dataset.event_domain == target)
    return _asked(dataset, np.unique(dataset.user[answer]), target, ~held, answer)


def _next_new(dataset: Dataset, target: int, cut: int) -> Flags:
    """(E,) each user's first target event at or after ``cut`` with an item new to them."""

    def of_some(piece: Dataset) -> Flags:
        pair = piece.user * piece.n_items + piece.item
        new = np.zeros(piece.n_events, bool)
        new[np.unique(pair, return_index=True)[1]] = True
        rows = np.flatnonzero(new & (piece.event_domain == target) & (piece.time >= cut))
        first = np.zeros(piece.n_events, bool)
        first[rows[np.unique(piece.user[rows], return_index=True)[1]]] = True
        return first

    return dataset.by_pieces(of_some)


def _nth_time(dataset: Dataset, events: Flags, n: int) -> int:
    """The time of the ``events`` (E,) that ``n`` of them are not after, counting from 0: as if they were
    sorted, but without room for their times.
    """

    def by_then(time: int) -> int:
        return int(np.count_nonzero(events & (dataset.time <= time)))

    span = range(int(dataset.time.min()), int(dataset.time.max()) + 1)
    return span[bisect_right(span, n, key=by_then)]


def _from_the_end(piece: Dataset, target: int) -> NDArray[np.int8]:
    """(E,) 1 for a user's last target event, 2 for the one before it; 0 for all others, and all of users with
    fewer than three.
    """
    place = np.zeros(piece.n_events, np.int8)
    mine = np.flatnonzero(piece.event_domain == target)
    user = piece.user[mine]
    first, stop = (np.searchsorted(user, user, side=side) for side in ("left", "right"))
    back = stop - np.arange(len(mine))
    place[mine] = np.where((stop - first >= 3) & (back <= 2), back, 0)
    return place


def _user_domains(dataset: Dataset) -> Flags:
    """(U, D) whether a user has any event in a domain."""
    return np.asarray(events_per_domain(dataset) > 0)


def _one_of(chosen: Rows | Sequence[int], column: NDArray[np.signedinteger], n: int) -> Flags:
    """(E,) where ``column`` (E,), of 0 … n - 1, has one of the ``chosen``."""
    among = np.zeros(n, np.bool_)
    among[np.asarray(chosen, np.int64)] = True
    found: Flags = among[column]
    return found


def _overlap(dataset: Dataset, target: int, sources: Sequence[int]) -> Rows:
    overlap = overlap_users(dataset, target, sources)
    if len(overlap) < FEWEST_OVERLAP_USERS:
        names = ", ".join(dataset.domains[source] for source in sources)
        raise NotEnoughDataError(
            f"Only {len(overlap)} users are in both {dataset.domains[target]!r} and {names}; "
            f"the cold-user comparison needs {FEWEST_OVERLAP_USERS}."
            if len(overlap)
            else f"No user is in both {dataset.domains[target]!r} and {names}.",
            "Import logs that share user ids (check that ids are written alike in both), "
            "or use the protocol next-item, which needs one domain only.",
        )
    return overlap


def _sources(dataset: Dataset, target: int, sources: Sequence[int] | None) -> tuple[int, ...]:
    chosen = range(len(dataset.domains)) if sources is None else sources
    others = tuple(sorted({int(domain) for domain in chosen} - {target}))
    if not others:
        raise NotEnoughDataError(
            f"{dataset.name!r} has no domain beside {dataset.domains[target]!r}, "
            "so nobody can be new to it and known elsewhere.",
            "Import a second domain with the same user ids, or use the protocol next-item.",
        )
    return others


def _nobody(dataset: Dataset, protocol: str, target: int) -> NotEnoughDataError:
    return NotEnoughDataError(
        f"The protocol {protocol} leaves no user to judge by in {dataset.domains[target]!r}.",
        "Import a longer log of this domain.",
    )


def _draw(users: Rows, fraction: float, rng: np.random.Generator) -> Rows:
    count = min(len(users), max(1, round(fraction * len(users))))
    return np.sort(rng.choice(users, count, replace=False)) if count else users


def _hash(
    dataset: Dataset, protocol: str, target: int, sources: Sequence[int], seed: int, *chosen: Rows
) -> str:
    digest = hashlib.sha256(repr((dataset.name, dataset.version, dataset.n_events)).encode())
    digest.update(repr((protocol, target, tuple(sources), seed)).encode())
    for rows in chosen:
        digest.update(np.ascontiguousarray(rows, np.int64).tobytes() + b"|")
    return digest.hexdigest()[:16]
