"""Random draws that come out the same on every Python version.

Everything is built on ``random.Random.random``, the one method whose sequence Python promises to keep.
"""

import math
import random
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Self, TypeVar

T = TypeVar("T")


class Draws:
    """A seeded source of draws."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)

    def child(self, name: str) -> Self:
        """An independent source, so that a change in one part leaves the others as they were."""
        return type(self)(f"{name}:{self._random.random()}")

    def uniform(self, low: float = 0.0, high: float = 1.0) -> float:
        """A number in [low, high)."""
        return low + (high - low) * self._random.random()

    def integer(self, low: int, high: int) -> int:
        """A whole number in [low, high)."""
        return low + int(self._random.random() * (high - low))

    def one_of(self, values: Sequence[T]) -> T:
        """One of the values, all alike."""
        return values[self.integer(0, len(values))]

    def weighted(self, values: Sequence[T], weights: Sequence[float]) -> T:
        """One of the values with probability in proportion to its weight."""
        sums = list(accumulate(weights))
        return values[min(bisect_right(sums, self._random.random() * sums[-1]), len(values) - 1)]

    def shuffled(self, values: Sequence[T]) -> list[T]:
        """The values in random order (Fisher and Yates)."""
        out = list(values)
        for i in range(len(out) - 1, 0, -1):
            j = self.integer(0, i + 1)
            out[i], out[j] = out[j], out[i]
        return out

    def lognormal(self, median: float, sigma: float) -> float:
        """A lognormal number; its normal is the sum of twelve uniforms, less six."""
        normal = sum(self._random.random() for _ in range(12)) - 6.0
        return median * math.exp(sigma * normal)


class Deck:
    """Cards dealt in shuffled order, reshuffled when all are dealt: repeats are as far apart as can be."""

    def __init__(self, cards: Sequence[str], draws: Draws) -> None:
        self._cards, self._draws = cards, draws
        self._left: list[str] = []

    def deal(self) -> str:
        """The next card."""
        if not self._left:
            self._left = self._draws.shuffled(self._cards)
        return self._left.pop()
