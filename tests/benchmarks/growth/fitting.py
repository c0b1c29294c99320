"""How fast cost grows: the exponent of a power law, with its standard error."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from tests.benchmarks.growth.measured import Measured

LINEAR: Final = 1.05
"""Up to here an exponent counts as linear: n log n has about that between a million and 100 million."""
CERTAIN: Final = 2.0
"""So many standard errors above it an exponent counts as worse."""
UNTOLD: Final = 0.05
"""The error that two sizes are taken to have, as they can't tell it: that of other steps is 0.03 to 0.17."""


@dataclass(frozen=True)
class Growth:
    """CPU seconds of a step ∝ events ** ``exponent``; ``error``: its standard error, NaN for two sizes."""

    exponent: float
    error: float

    @property
    def verdict(self) -> str:
        """In words."""
        least = self.exponent - CERTAIN * np.nan_to_num(self.error, nan=UNTOLD)
        return "worse" if least > LINEAR else "linear or better"

    def __str__(self) -> str:
        return f"{self.exponent:.2f}" + ("" if np.isnan(self.error) else f" ± {self.error:.2f}")


def growth_of(rows: Sequence[Measured]) -> Growth | None:
    """Of one step at several sizes, by least squares on logarithms; None below two sizes."""
    if len(rows) < 2:
        return None
    x, y = np.log([row.events for row in rows]), np.log([row.cpu for row in rows])
    centred = x - x.mean()
    slope = float(centred @ y / (centred @ centred))
    left = y - y.mean() - slope * centred
    free = len(rows) - 2
    error = float(np.sqrt(left @ left / free / (centred @ centred))) if free else float("nan")
    return Growth(slope, error)
