"""The null: what flows and shares look like when a user's order of events means nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import chain
from typing import Final

import numpy as np
from scipy import sparse

from recsys_core.migration.arrays import Floats, Ints
from recsys_core.migration.crowd import Crowd, chunks
from recsys_core.migration.flows import Plan, transport
from recsys_core.migration.layout import Layout
from recsys_core.migration.mixes import mix_of
from recsys_core.migration.shuffling import Shuffler
from recsys_core.migration.tail import Tail
from recsys_core.progress import Part, Progress
from recsys_core.spread import spread

CHUNK_EVENTS: Final = 30_000
"""Users are worked through in pieces of about so many events, which keeps the arrays in the cache."""
TOGETHER: Final = 10
"""So many shuffles go through a crowd that is not held before it is laid out again."""


@dataclass(frozen=True, eq=False)
class FlowSums:
    """Over all users, for B pairs of windows and K interests: ``mass`` (B, K, K) that went from row to
    column, ``share`` = mass / its row sum (NaN where nobody held the row's interest).
    """

    mass: Floats

    @cached_property
    def share(self) -> Floats:
        """(B, K, K), rows sum to 1."""
        held = self.mass.sum(axis=2, keepdims=True)
        return np.asarray(self.mass / np.where(held > 1e-12, held, np.nan))


@dataclass(frozen=True, eq=False)
class FlowEvidence:
    """What was seen against what shuffles give; all (B, K, K) unless said otherwise.

    ``share`` (NaN where nobody held the interest), ``error`` (its standard error over users),
    ``expected``, ``p``; ``n_users``: (B, K) users who held the interest and were active in both windows;
    ``window_sums``: (S, W, K) sums of the mixes per window in each of S shuffles.
    """

    share: Floats
    error: Floats
    expected: Floats
    p: Floats
    n_users: Ints
    window_sums: Floats


class _Piece:
    """Some users, their events coded by interest, ready to be shuffled again and again."""

    def __init__(self, layout: Layout, code: Ints, cost: Floats, compared: Ints) -> None:
        self._layout, self._code, self._cost = layout, code, cost
        self._shuffler = Shuffler(layout)
        self._before, self._after = layout.pairs(compared)
        starts = np.cumsum(compared >= 0)
        self._n_blocks = int(starts[-1])
        self._block = starts[layout.slot_window[self._before]] - 1
        self._by_window = _grouping(layout.slot_window, len(compared))
        self._by_block = _grouping(self._block, self._n_blocks)

    @property
    def n_events(self) -> int:
        """How many are shuffled."""
        return self._layout.n_events

    def shuffle(self, rng: np.random.Generator) -> Floats:
        """(M, K) mixes after each user's items (with their weights) changed places at random."""
        order = self._shuffler.order(rng)
        return self._mixes(self._code[order], self._layout.weight[order])

    def seen(self) -> Floats:
        """(M, K) mixes as they are."""
        return self._mixes(self._code, self._layout.weight)

    def window_sums(self, mixes: Floats) -> Floats:
        """(W, K)."""
        return np.asarray(self._by_window @ mixes)

    def plan(self, mixes: Floats) -> Plan:
        """What moved between the windows compared."""
        return transport(mixes[self._before], mixes[self._after], self._cost)

    def mass(self, plan: Plan) -> Floats:
        """(B, K, K)."""
        return self._summed(plan, plan.stay, plan.mass)

    def moments(self, mixes: Floats, plan: Plan) -> tuple[Floats, Floats, Floats, Floats]:
        """Sums over users of mass², of mass · held (both (B, K, K)), of held² and of held > 0 (B, K)."""
        held = mixes[self._before]
        return (
            self._summed(plan, plan.stay**2, plan.mass**2),
            self._summed(plan, plan.stay * held, plan.mass * held[plan.row, plan.source]),
            np.asarray(self._by_block @ held**2),
            np.asarray(self._by_block @ (held > 0).astype(np.float64)),
        )

    def _summed(self, plan: Plan, stay: Floats, moved: Floats) -> Floats:
        k = self._cost.shape[0]
        shape = (self._n_blocks, k, k)
        cell = (self._block[plan.row] * k + plan.source) * k + plan.target
        total: Floats = np.bincount(cell, moved, shape[0] * k * k).astype(np.float64).reshape(shape)
        total[:, np.arange(k), np.arange(k)] += self._by_block @ stay
        return total

    def _mixes(self, code: Ints, weight: Floats) -> Floats:
        return mix_of(self._layout.slot, code, weight, (self._layout.n_slots, self._cost.shape[0]))


class _Pieces:
    """The pieces of a crowd, each time in the same order: kept where the crowd is, made anew where not."""

    def __init__(self, crowd: Crowd, item_code: Ints, cost: Floats, compared: Ints) -> None:
        self._crowd, self._item_code, self._cost, self._compared = crowd, item_code, cost, compared
        self.n_events = max(crowd.n_events, 1)
        self._kept = list(self._made()) if crowd.held else None

    def __iter__(self) -> Iterator[_Piece]:
        return self._made() if self._kept is None else iter(self._kept)

    def _made(self) -> Iterator[_Piece]:
        for part in chunks(self._crowd, CHUNK_EVENTS):
            yield _Piece(part, self._item_code[part.item], self._cost, self._compared)


def weigh_flows(
    crowd: Crowd,
    item_code: Ints,
    cost: Floats,
    compared: Ints,
    rng: np.random.Generator,
    shuffles: int,
    progress: Progress,
) -> FlowEvidence:
    """Flows between pairs of windows against ``shuffles`` shuffles of each user's items among that
    user's own event times; the number of events of every user in every window stays. Each shuffle has a
    stream of random numbers of its own, spawned from ``rng``.

    A crowd that is not held is laid out anew for every ten shuffles; what comes out is the same.

    ``item_code``: (I,) interest of each item in 0 … K-1; ``cost``: (K, K) metric; ``compared``: (W,) window
    that each is compared with, -1: none (see ``one_after_another``); B of them are. A shuffle in which
    nobody holds an interest does not count for that interest's row. p is the larger of two, so that both
    must be beyond chance: the share (else an interest held more than usual would look like movement out
    of it) and the mass (else a change in who holds the interest would look like movement of the rest).
    """
    pieces = _Pieces(crowd, item_code, cost, compared)
    seen, error, n_users = _seen(pieces)
    share_tail, mass_tail = Tail(np.nan_to_num(seen.share)), Tail(seen.mass)
    sums = np.zeros((shuffles, len(compared), cost.shape[0]))
    together = 1 if crowd.held else TOGETHER
    streams = rng.spawn(shuffles)
    parts = [streams[at : at + together] for at in range(0, shuffles, together)]
    shuffled = spread(
        partial(_shuffled, pieces),
        parts,
        lambda turn: Part(progress, turn, len(parts), f"shuffle {turn * together + 1} of {shuffles}"),
    )
    for turn, (mass, window_sums) in enumerate(chain.from_iterable(shuffled)):
        sums[turn] = window_sums
        share_tail.add(FlowSums(mass).share)
        mass_tail.add(mass)
    p = np.maximum(share_tail.p(), mass_tail.p())
    return FlowEvidence(seen.share, error, share_tail.mean, p, n_users, sums)


def one_after_another(n_windows: int) -> Ints:
    """(W,) every window compared with the next."""
    return np.append(np.arange(1, n_windows), -1)


def _shuffled(
    pieces: "_Pieces", streams: Sequence[np.random.Generator], progress: Progress
) -> list[tuple[Floats, Floats]]:
    """Mass (B, K, K) and sums of mixes (W, K) in a shuffle by each of ``streams``."""
    totals: list[list[Floats]] = [[] for _ in streams]
    done = 0
    for piece in pieces:
        progress.check_cancelled()
        for rng, total in zip(streams, totals, strict=True):
            mixes = piece.shuffle(rng)
            _add(total, (piece.mass(piece.plan(mixes)), piece.window_sums(mixes)))
        done += piece.n_events
        progress.advance(done, pieces.n_events)
    progress.advance(1, 1)
    return [(mass, window_sums) for mass, window_sums in totals]


def _add(total: list[Floats], more: Sequence[Floats]) -> None:
    """Add ``more`` arrays to those of ``total``, which they become where it is empty."""
    if not total:
        total.extend(more)
        return
    for one, other in zip(total, more, strict=True):
        np.add(one, other, out=one)


def _seen(pieces: _Pieces) -> tuple[FlowSums, Floats, Ints]:
    """The flows as they are, the standard error of their shares, and how many users held each interest.

    The error is that of a ratio estimator over users, linearised (Cochran 1977, Sampling Techniques,
    section 6.4): sqrt(sum of (mass - share · held)² over users) / sum of held.
    """
    total: list[Floats] = []
    for piece in pieces:
        mixes = piece.seen()
        plan = piece.plan(mixes)
        _add(total, (piece.mass(plan), *piece.moments(mixes, plan)))
    mass, squares, products, held_squares, n_users = total
    flows = FlowSums(mass)
    share = flows.share
    spread = squares - 2 * share * products + share**2 * held_squares[:, :, None]
    held = flows.mass.sum(axis=2, keepdims=True)
    error = np.sqrt(np.maximum(spread, 0.0)) / np.where(held > 1e-12, held, np.nan)
    return flows, error, n_users.astype(np.int64)


def _grouping(group: Ints, n_groups: int) -> sparse.csr_array:
    """(n_groups, N) matrix that sums N rows by their ``group``."""
    columns = np.arange(len(group))
    return sparse.csr_array((np.ones(len(group)), (group, columns)), shape=(n_groups, len(group)))
