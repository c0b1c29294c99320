"""Terms: how much a release may tell of one person, and of what."""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from recsys_core.errors import InputError
from recsys_core.interests.interests import Interests
from recsys_core.logs.windows import WindowSize

PEOPLE, SHARES, FLOWS = "people", "shares", "flows"
BUDGET: Final[Mapping[str, float]] = {PEOPLE: 0.2, SHARES: 0.4, FLOWS: 0.4}
"""What part of ε each of the three tables takes. They speak of the same people, so their ε add up."""

MOST_WINDOWS: Final = 4
"""In so many windows a person counts at most, by default: a year of quarters. The same for every log:
a number taken from the data would tell of the data.
"""
THOUSANDTHS: Final = 1000
"""ε is counted in thousandths, so that adding it up is exact."""


@dataclass(frozen=True)
class Terms:
    """``epsilon``: for all tables together, in steps of 0.001. ``window``: size of the windows. ``level``: of
    the interests, 0 the coarsest. ``most_windows``: in how many windows one person counts at most.

    Raises InputError where ε is not above 0, or fewer than two windows leave no flow.
    """

    epsilon: float
    window: str = "quarter"
    level: int = 0
    most_windows: int = MOST_WINDOWS

    def __post_init__(self) -> None:
        counted = self.epsilon * THOUSANDTHS if math.isfinite(self.epsilon) else 0.0
        if counted < 1 or abs(counted - round(counted)) > 1e-6:
            raise InputError(
                f"ε is {self.epsilon:g}; it must be 0.001 or more, in steps of 0.001.",
                "Take e.g. 1: smaller is safer and blurrier.",
            )
        if self.most_windows < 2:
            raise InputError(
                f"{self.most_windows} window(s) of a person hold no flow between windows.", "Take 2 or more."
            )
        WindowSize.parse(self.window)

    @property
    def thousandths(self) -> int:
        """ε in thousandths."""
        return round(self.epsilon * THOUSANDTHS)

    def epsilon_of(self, table: str) -> float:
        """The part of ε that goes to one of the tables of ``BUDGET``."""
        return self.thousandths / THOUSANDTHS * BUDGET[table]

    def sensitivity(self, table: str) -> int:
        """By how much a table changes at most, in L1, when one person is added or removed: by 1 for each of
        their windows (people, shares), or of their steps from a window to the next (flows).
        """
        return self.most_windows - 1 if table == FLOWS else self.most_windows

    def key(self, interests: Interests) -> str:
        """Tells releases of one dataset version apart: the same for the same terms and interests."""
        facts = json.dumps({**asdict(self), "epsilon": self.thousandths}, sort_keys=True).encode()
        grouped = interests.item_interest[self.level].tobytes() if self.level < interests.n_levels else b""
        return hashlib.sha256(facts + grouped).hexdigest()[:32]

    def as_params(self) -> dict[str, Any]:
        """As plain JSON."""
        return asdict(self)
