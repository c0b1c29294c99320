"""Sums over people in which everybody's part is bounded, in whole numbers.

Whole numbers, because sums of fractions depend on rounding, which can tell what noise was meant to hide
(Mironov 2012). No number here is drawn or chosen from what other people did.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from recsys_core.migration.arrays import Floats, Ints
from recsys_core.migration.flows import transport
from recsys_core.migration.layout import Layout
from recsys_core.migration.mixes import mix_of

UNITS: Final = 1_000_000
"""Into so many parts the mix of one person in one window is cut."""
CHUNK_EVENTS: Final = 500_000


@dataclass(frozen=True, eq=False)
class Sums:
    """``people``: (W,), who counts in each window. ``shares``: (W, K), the sum of their mixes, and ``flows``:
    (W-1, K, K), of their transport plans from each window to the next, both in ``UNITS``; all int64.
    """

    people: Ints
    shares: Ints
    flows: Ints

    def plus(self, other: "Sums") -> "Sums":
        """Of both, who are different people."""
        return Sums(self.people + other.people, self.shares + other.shares, self.flows + other.flows)


def bounded(layout: Layout, most_windows: int, chance: Floats) -> Layout:
    """The layout with at most so many windows of each user: as many in a row, of those with events.

    ``chance``: (U,) in [0, 1), where each user's row of windows begins; drawn for each user apart, so that
    nobody's windows depend on who else is there.
    """
    counts = np.bincount(layout.slot_user, minlength=len(chance))
    place = np.arange(layout.n_slots) - (np.cumsum(counts) - counts)[layout.slot_user]
    begin = np.floor(chance * np.maximum(counts - most_windows + 1, 1)).astype(np.int64)
    after = place - begin[layout.slot_user]
    return layout.select_slots((after >= 0) & (after < most_windows))


def sum_up(layout: Layout, codes: Ints, cost: Floats, n_windows: int) -> Sums:
    """The sums of a layout that ``bounded`` has made.

    ``codes``: (I,) interest of each item in 0 … K-1; ``cost``: (K, K) metric between interests. A person adds
    at most 1 in all to ``people`` and ``UNITS`` to ``shares`` for each of their windows, and ``UNITS`` to
    ``flows`` for each window that has the next one, too.
    """
    k = len(cost)
    sums = Sums(_none(n_windows), _none(n_windows, k), _none(max(n_windows - 1, 0), k, k))
    for part in layout.chunks(CHUNK_EVENTS):
        mixes = mix_of(part.slot, codes[part.item], part.weight, (part.n_slots, k))
        sums.people[:] += np.bincount(part.slot_window, minlength=n_windows)
        np.add.at(sums.shares, part.slot_window, in_units(mixes))
        _add_flows(sums.flows, part, mixes, cost)
    return sums


def in_units(share: Floats) -> Ints:
    """Shares that add up to 1 or less, in whole units, rounded down: of ``UNITS`` or less in all."""
    return np.floor(share * UNITS).astype(np.int64)


def _add_flows(flows: Ints, part: Layout, mixes: Floats, cost: Floats) -> None:
    compared = np.append(np.arange(1, len(flows) + 1), -1)
    before, after = part.pairs(compared)
    plan = transport(mixes[before], mixes[after], cost)
    window = part.slot_window[before]
    diagonal = np.arange(len(cost))
    np.add.at(flows, (window[:, None], diagonal, diagonal), in_units(plan.stay))
    np.add.at(flows, (window[plan.row], plan.source, plan.target), in_units(plan.mass))


def _none(*shape: int) -> Ints:
    return np.zeros(shape, np.int64)
