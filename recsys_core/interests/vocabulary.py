"""What a catalogue's texts say: which item uses which term, and how far a term can be trusted."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recsys_core.interests.words import faint_words, terms_of, title_case

_READ_AT_MOST = 60_000
_TEXT_WEIGHT = 0.35
_OPENING_DISCOUNT = 0.9
_FAINT_TRUST = 0.3
_SWALLOWED_FROM = 0.75


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """V terms, each in at least two of the R items that were read.

    ``rows``: (R,) int64 item row numbers. ``weight``: (R, V), 1 where the title has the term, 0.35
    where only the text has it. ``keys``: (V,) singular, lower case; ``shown``: (V,) in title case, in
    the commonest spelling. ``trust``: (V,) float64 in (0, 1]: low for terms that mostly open titles,
    where brands stand, for packaging and the like, and for words that mostly
    come in one distrusted pair (a brand of two words).
    """

    rows: NDArray[np.int64]
    weight: csr_array
    keys: tuple[str, ...]
    shown: tuple[str, ...]
    trust: NDArray[np.float64]


def read_vocabulary(titles: Sequence[str], texts: Sequence[str]) -> Vocabulary:
    """The vocabulary of items with these ``titles`` and ``texts`` (I,); of catalogues above 60,000 items
    an even spread of 60,000 is read.
    """
    rows = np.linspace(0, len(titles) - 1, min(len(titles), _READ_AT_MOST)).astype(np.int64)
    tally = _Tally()
    for row in rows.tolist():
        tally.add(titles[row], texts[row])
    keep = [at for at, count in enumerate(tally.items) if count >= 2]
    keys = [tally.keys[at] for at in keep]
    count = np.array([tally.items[at] for at in keep], np.float64)
    opens = np.array([tally.opens[at] for at in keep], np.float64)
    shown = tuple(title_case(tally.surfaces[at].most_common(1)[0][0]) for at in keep)
    trust = _trust(keys, count, opens)
    return Vocabulary(rows, tally.matrix()[:, keep], tuple(keys), shown, trust)


@dataclass
class _Tally:
    """Counts per term while reading; a term's number is its place in ``keys``."""

    number: dict[str, int] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)
    surfaces: list[Counter[str]] = field(default_factory=list)
    items: list[int] = field(default_factory=list)
    opens: list[int] = field(default_factory=list)
    starts: list[int] = field(default_factory=lambda: [0])
    columns: list[int] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)

    def add(self, title: str, text: str) -> None:
        """Read one item."""
        seen: set[str] = set()
        for source, weight in ((title, 1.0), (text, _TEXT_WEIGHT)):
            for term in terms_of(source):
                at = self._number(term.key)
                self.surfaces[at][term.surface] += 1
                if term.key not in seen:
                    seen.add(term.key)
                    self.items[at] += 1
                    self.opens[at] += term.first
                    self.columns.append(at)
                    self.weights.append(weight)
        self.starts.append(len(self.columns))

    def matrix(self) -> csr_array:
        """(items, terms) weights."""
        shape = (len(self.starts) - 1, len(self.keys))
        return csr_array((np.array(self.weights), np.array(self.columns, np.int64), self.starts), shape)

    def _number(self, key: str) -> int:
        at = self.number.setdefault(key, len(self.keys))
        if at == len(self.keys):
            self.keys.append(key)
            self.surfaces.append(Counter())
            self.items.append(0)
            self.opens.append(0)
        return at


def _trust(keys: list[str], count: NDArray[np.float64], opens: NDArray[np.float64]) -> NDArray[np.float64]:
    trust = 1 - _OPENING_DISCOUNT * opens / np.maximum(count, 1)
    number = {key: at for at, key in enumerate(keys)}
    for at, key in enumerate(keys):
        words = [number[word] for word in key.split(" ") if word in number] if " " in key else []
        if words and count[at] >= _SWALLOWED_FROM * count[words].max():
            trust[words] = np.minimum(trust[words], trust[at])
    faint = np.array([key in faint_words() for key in keys], bool)
    return np.where(faint, trust * _FAINT_TRUST, trust)
