"""A question about two windows, of everybody or of a part of the crowd, and its answer."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from recsys_core.columns import N_USERS
from recsys_core.parts import Parts
from recsys_core.privacy import SMALLEST_GROUP


@dataclass(frozen=True)
class Question:
    """Between which two windows (ids, ``first`` before ``second``), and whose events count.

    ``domain``: only events of this one ("": of all). ``fewest``: only users with so many events there.
    ``users``: only these row numbers, ascending; None: everybody.
    """

    window: str
    level: int
    first: str
    second: str
    domain: str = ""
    fewest: int = 1
    users: tuple[int, ...] | None = None

    @property
    def key(self) -> str:
        """Tells answers apart: short, the same for the same question."""
        facts = json.dumps(asdict(self), sort_keys=True).encode()
        return f"{self.window}-{self.level}-{hashlib.sha256(facts).hexdigest()[:16]}"


@dataclass(frozen=True, eq=False)
class PairFlows:
    """The answer: ``flows`` as in ``Migration.flows``; ``held``: ``interest``, ``share``: the mean mix of all
    users of the first window. ``document``: ``n_users`` active in both, ``shuffles``, ``smallest_group``.
    """

    flows: pd.DataFrame
    held: pd.DataFrame
    document: Mapping[str, Any]

    @property
    def shown_flows(self) -> pd.DataFrame:
        """The rows of ``flows`` that rest on at least 10 users."""
        return self.flows[self.flows[N_USERS] >= SMALLEST_GROUP]

    def parts(self) -> Parts:
        """What is saved."""
        return Parts(self.document, {"flows": self.flows, "held": self.held})

    @classmethod
    def from_parts(cls, parts: Parts) -> "PairFlows":
        """The inverse of ``parts``."""
        return cls(parts.frames["flows"], parts.frames["held"], parts.document)
