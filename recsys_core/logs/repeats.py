"""Which rows of a log were there before, told as the rows stream by."""

import numpy as np
from numpy.typing import NDArray

_BITS = 27
_SHIFT = np.uint64(64 - _BITS)
_LARGEST_RUN = 1 << 20
"""Longer runs are not merged: that would cost memory, and a few more runs cost little time."""


class SeenRows:
    """The rows seen so far, by a 64-bit hash of each: 128 MB, and 8 bytes a row.

    A row is taken for a repeat when its hash is; among 10 million different rows two share one with a
    probability of 3 in a million (birthday bound n² / 2⁶⁵). A table of flags tells most new rows from old
    ones at once (Bloom 1970, with one hash function); the few others are looked up in sorted runs, which
    are merged as they grow, as in a log-structured merge tree (O'Neil et al. 1996).
    """

    def __init__(self) -> None:
        """Nothing has been seen."""
        self._maybe = np.zeros(1 << _BITS, dtype=np.bool_)
        self._runs: list[NDArray[np.uint64]] = []

    def new(self, hashes: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """(N,) whether each row, by its hash, is seen for the first time; they are seen from now on."""
        run = np.sort(hashes)
        fresh = np.ones(len(hashes), dtype=np.bool_)
        if (run[1:] == run[:-1]).any():
            fresh[:] = False
            run, first = np.unique(hashes, return_index=True)
            fresh[first] = True
        slots = (hashes >> _SHIFT).astype(np.int64)
        doubtful = np.flatnonzero(self._maybe[slots])
        doubtful = doubtful[np.argsort(hashes[doubtful])]  # in order, look-ups walk through a run
        fresh[doubtful[self._known(hashes[doubtful])]] = False
        self._maybe[slots] = True
        self._remember(run)
        return fresh

    def _known(self, hashes: NDArray[np.uint64]) -> NDArray[np.bool_]:
        known = np.zeros(len(hashes), dtype=np.bool_)
        for run in self._runs:
            place = np.minimum(np.searchsorted(run, hashes), len(run) - 1)
            known |= run[place] == hashes
        return known

    def _remember(self, run: NDArray[np.uint64]) -> None:
        while self._runs and len(self._runs[-1]) <= len(run) < _LARGEST_RUN:
            run = np.sort(np.concatenate([self._runs.pop(), run]), kind="stable")  # merges the two
        if len(run):
            self._runs.append(run)
