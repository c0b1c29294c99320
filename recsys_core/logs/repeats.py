"""Which rows of a log were there before, told as the rows stream by."""

import numpy as np
from numpy.typing import NDArray

from recsys_core.logs.tally import held

_BITS = 27
_SLOT = np.uint64(64 - _BITS)
_FREE, _SEVERAL = 0, 0xFE
_MERGED = 8
"""So many sorted runs of one size become one."""


class SeenRows:
    """The rows seen so far, by a 64-bit hash of each: 128 MB, and 8 bytes a row.

    A row is taken for a repeat when its hash is; among 10 million different rows two share one with a
    probability of 3 in a million (birthday bound n² / 2⁶⁵). A table of fingerprints (as in a cuckoo filter;
    Fan et al. 2014) tells nearly all new rows from old ones: the first bits of a hash name a slot, which
    holds its last bits as a mark, or that several rows came there. What a slot cannot tell is looked up in
    sorted runs, which are merged as they grow, as in a log-structured merge tree (O'Neil et al. 1996).
    """

    def __init__(self) -> None:
        """Nothing has been seen."""
        self._slots = np.zeros(1 << _BITS, dtype=np.uint8)
        self._runs: list[NDArray[np.uint64]] = []

    def new(self, hashes: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """(N,) whether each row, by its hash, is seen for the first time; they are seen from now on."""
        run = np.sort(hashes)
        fresh = np.ones(len(hashes), dtype=np.bool_)
        again = run[1:] == run[:-1]
        if again.any():
            rows = np.flatnonzero(held(hashes, run[1:][again]))
            fresh[rows] = False
            fresh[rows[np.unique(hashes[rows], return_index=True)[1]]] = True
            run = np.delete(run, 1 + np.flatnonzero(again))
        doubtful = np.flatnonzero(self._doubtful(hashes, run))
        doubtful = doubtful[np.argsort(hashes[doubtful])]  # in order, look-ups walk through a run
        fresh[doubtful[self._known(hashes[doubtful])]] = False
        self._remember(run)
        return fresh

    def _doubtful(self, hashes: NDArray[np.uint64], run: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """(N,) which rows may have been there before, now in their slots; ``run``: their hashes, sorted."""
        slots = (hashes >> _SLOT).view(np.int64)
        marks = hashes.astype(np.uint8) | np.uint8(1)  # odd: neither free nor several
        held = self._slots[slots]
        self._slots[slots] = np.where(held == _FREE, marks, np.uint8(_SEVERAL))
        taken = (run >> _SLOT).view(np.int64)
        self._slots[taken[1:][taken[1:] == taken[:-1]]] = _SEVERAL
        doubtful: NDArray[np.bool_] = (held == marks) | (held == _SEVERAL)
        return doubtful

    def _known(self, hashes: NDArray[np.uint64]) -> NDArray[np.bool_]:
        known = np.zeros(len(hashes), dtype=np.bool_)
        for run in self._runs:
            known |= held(hashes, run)
        return known

    def _remember(self, run: NDArray[np.uint64]) -> None:
        if not len(run):
            return
        self._runs.append(run)
        while len(self._runs) >= _MERGED and len(self._runs[-_MERGED]) < 2 * len(self._runs[-1]):
            merged = np.concatenate(self._runs[-_MERGED:])
            merged.sort()
            self._runs[-_MERGED:] = [merged]
