"""What the workspace answers: frozen records of datasets, runs and results."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from recsys_core.workspace.storage.storage import Kept


class RunStatus(StrEnum):
    """Where a run stands."""

    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"
    LOST = "lost"


class AnyValue:
    """The type of ``ANY``."""

    def __repr__(self) -> str:
        return "ANY"


ANY: Final = AnyValue()
"""Stands for "whatever it is" where a run or a key may be left open."""


@dataclass(frozen=True)
class DatasetInfo:
    """One version of a dataset.

    ``created``, ``first`` and ``last`` (of the events) are UTC. ``hash`` is a sha256 over the content,
    the same for the same content wherever it was imported.
    """

    name: str
    version: int
    created: datetime
    n_users: int
    n_items: int
    n_events: int
    domains: tuple[str, ...]
    first: datetime
    last: datetime
    hash: str
    kept: Kept
    manifest: Mapping[str, Any]

    @property
    def folder(self) -> Path:
        """``interactions.parquet``, ``items.parquet``, ``manifest.json`` …: brought to this disk where it is
        in the object store alone. Raises ResourceError where it cannot be.
        """
        return self.kept.folder()


@dataclass(frozen=True)
class RunInfo:
    """One training run on one version of a dataset.

    ``in_use`` is true for the one run of its dataset version that pages and commands take when none
    is named: the chosen one, else the newest finished. ``stale``: a person was removed from the data
    since, but the weights were trained with that person too, so the run is never in use again.
    """

    id: str
    name: str
    dataset: str
    version: int
    status: RunStatus
    created: datetime
    finished: datetime | None
    options: Mapping[str, Any]
    metrics: Mapping[str, Any]
    kept: Kept
    in_use: bool
    stale: bool = False

    @property
    def folder(self) -> Path:
        """The model and what belongs to it; of a finished run as ``DatasetInfo.folder``."""
        return self.kept.folder()


@dataclass(frozen=True)
class ResultInfo:
    """One saved result, e.g. the interests found with a run (``run_id`` None: needs no run).

    ``stale``: a person was removed from the data since; it is kept, but not loaded any more.
    """

    id: int
    kind: str
    dataset: str
    version: int
    run_id: str | None
    key: str
    created: datetime
    kept: Kept
    stale: bool = False

    @property
    def folder(self) -> Path:
        """The parts, as ``DatasetInfo.folder``."""
        return self.kept.folder()
