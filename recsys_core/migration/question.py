"""A question about flows, between two windows or along all of them, of everybody or of a part of the crowd;
and its answer.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from recsys_core.migration.cells import shown_cells
from recsys_core.parts import Parts


@dataclass(frozen=True)
class Question:
    """Which flows, and whose events count.

    ``pair``: ids of the window they leave and of a later one that they reach; None: from every window to the
    next. ``domain``: only events of this one ("": of all). ``fewest``: only users with so many events there.
    ``users``: only these row numbers, ascending; None: everybody.
    """

    window: str
    level: int
    pair: tuple[str, str] | None = None
    domain: str = ""
    fewest: int = 1
    users: tuple[int, ...] | None = None

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> "Question":
        """The inverse of ``as_params``."""
        both = {name: params.get(name) for name in ("pair", "users")}
        tuples = {name: None if each is None else tuple(each) for name, each in both.items()}
        return cls(**{**params, **tuples})

    def as_params(self) -> dict[str, Any]:
        """As plain JSON."""
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return plain

    @property
    def of_everybody(self) -> bool:
        """Whether everybody's events count, in all domains."""
        return (self.domain, self.fewest, self.users) == ("", 1, None)

    @property
    def key(self) -> str:
        """Tells answers apart: short, the same for the same question."""
        facts = json.dumps(asdict(self), sort_keys=True).encode()
        return f"{self.window}-{self.level}-{hashlib.sha256(facts).hexdigest()[:16]}"


@dataclass(frozen=True, eq=False)
class Answer:
    """``flows``: as in ``Migration.flows``, the correction being over all tested cells of this answer.
    ``held``: ``window``, ``interest``, ``share``: the mean mix of all users of each window that is left.
    ``steps``: ``from_window``, ``to_window``, ``n_users`` active in both.

    ``document``: ``n_users`` active in both windows of any step, ``shuffles``, ``smallest_group``, ``level``,
    ``window_size``, ``domain``, ``fewest``, ``cohort`` (how many users it asks about; None: everybody).
    """

    flows: pd.DataFrame
    held: pd.DataFrame
    steps: pd.DataFrame
    document: Mapping[str, Any]

    @property
    def shown_flows(self) -> pd.DataFrame:
        """What of ``flows`` may leave the house: see ``shown_cells``."""
        return shown_cells(self.flows)

    def parts(self) -> Parts:
        """What is saved."""
        return Parts(self.document, {"flows": self.flows, "held": self.held, "steps": self.steps})

    @classmethod
    def from_parts(cls, parts: Parts) -> "Answer":
        """The inverse of ``parts``."""
        frames = parts.frames
        return cls(frames["flows"], frames["held"], frames["steps"], parts.document)
