"""What a job of each kind needs, by the size of what it works on, told before it begins.

A model with four numbers a step, told from measured logs of 1 to 30 million events with a hundredth as many
items and a tenth as many users (``tests/benchmarks/growth``), rounded up: each step is linear in events,
users and items. Recommenders tell their own needs, see ``recommend.affordable``; a fine-tune is tried.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from recsys_core.needs import Needs
from recsys_core.progress import Progress

if TYPE_CHECKING:
    from recsys_core.workspace.workspace import Workspace

BYTES_A_ROW: Final = 45
"""Of a log as CSV; packed, it is a quarter of that."""
_PACKED: Final = (".gz", ".zst", ".zip", ".parquet")


@dataclass(frozen=True)
class Rate:
    """Of one step: ``base`` and, for each event, user and item, what it takes more."""

    base: float
    event: float = 0.0
    user: float = 0.0
    item: float = 0.0

    def of(self, events: int, users: int, items: int) -> float:
        """All together."""
        return self.base + self.event * events + self.user * users + self.item * items


@dataclass(frozen=True)
class Cost:
    """``memory``: bytes; ``seconds``: of one processor; ``remedy``: see ``Needs``."""

    what: str
    memory: Rate
    seconds: Rate
    remedy: str


IMPORT: Final = Cost(
    "The import",
    Rate(7e8, event=48),
    Rate(3, event=3e-6),
    "or import a part of the log at a time (append)",
)
INTERESTS: Final = Cost(
    "Finding interests",
    Rate(9e8, user=30_000, item=6_000),
    Rate(60, user=1e-3, item=3e-3),
    "a GPU, which reads titles far faster, or import fewer items (k-core)",
)
"""Users up to those who have a place on the map; as if no title had been read before."""
MIGRATION: Final = Cost(
    "Measuring migration",
    Rate(1.2e9, event=20, user=400, item=6_000),
    Rate(30, event=5e-4, item=1e-3),
    "a Ray cluster, over which the shuffles spread, or import fewer users or a shorter time",
)
"""Shuffles for interests, for domains and for each user. Events are laid out a few million at once, mixes of
many lie on disk; what grows is what is told of users, and items' coordinates.
"""
FLOWS: Final = replace(
    MIGRATION,
    what="Comparing windows",
    memory=Rate(1.2e9, event=5, user=20, item=600),
    seconds=Rate(30, event=1e-4),
)
EVALUATION: Final = Cost(
    "Scoring recommenders",
    Rate(1.7e9, event=300, user=1_000, item=15_000),
    Rate(120, event=1e-4, item=3e-3),
    "fewer recommenders, or import fewer users",
)
"""Most of it for pairs of items that have users in common; without a fine-tune."""
COSTS: Final[Mapping[str, Cost]] = {
    "interests": INTERESTS,
    "migrate": MIGRATION,
    "flows": FLOWS,
    "evaluate": EVALUATION,
    "transfer": EVALUATION,
}


def needs_of(ws: "Workspace", kind: str, params: Mapping[str, Any]) -> Needs | None:
    """What a job of this kind with these parameters needs; None where nothing is told beforehand.

    Raises NotFoundError where the dataset does not exist.
    """
    if kind == "import":
        return _of_import(params)
    if kind not in COSTS:
        return None
    from recsys_core.interests.people_shown import MOST_PEOPLE

    info, cost = ws.dataset(params["dataset"], params.get("version")), COSTS[kind]
    users = min(info.n_users, MOST_PEOPLE) if kind == "interests" else info.n_users
    counts = (info.n_events, users, info.n_items)
    times = max(1, int(params.get("seeds") or 1))
    size = f"{info.n_events:,} events, {info.n_users:,} users and {info.n_items:,} items"
    return Needs(cost.what, size, cost.memory.of(*counts), times * cost.seconds.of(*counts), cost.remedy)


def tell_needs(ws: "Workspace", kind: str, params: Mapping[str, Any], progress: Progress) -> None:
    """Tell ``progress`` what a job is going to need, where that is much. Raises ResourceError where it needs
    more memory than is free.
    """
    needs = needs_of(ws, kind, params)
    if needs is not None:
        needs.check()
        if needs.large:
            progress.log(needs.sentence())


def _of_import(params: Mapping[str, Any]) -> Needs:
    rows = sum(_rows(Path(source["path"])) for source in params["files"])
    memory, seconds = (rate.of(rows, 0, 0) for rate in (IMPORT.memory, IMPORT.seconds))
    return Needs(IMPORT.what, f"some {rows:,} rows", memory, seconds, IMPORT.remedy)


def _rows(path: Path) -> int:
    """About how many rows a file, or all files of a folder, would have as a log; 0 where it is gone."""
    if path.is_dir():
        return sum(map(_rows, path.iterdir()))
    packed = 4 if path.suffix.lower() in _PACKED else 1
    return packed * path.stat().st_size // BYTES_A_ROW if path.exists() else 0
