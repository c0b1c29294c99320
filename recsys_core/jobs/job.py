"""One row of the job ledger, as everybody outside the ledger sees it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from recsys_core.access import Actor, Role


class Status(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    CANCELLING = "cancelling"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"
    LOST = "lost"


ENDED = (Status.FINISHED, Status.FAILED, Status.CANCELLED, Status.LOST)
RESUMABLE = (Status.FAILED, Status.CANCELLED, Status.LOST)


@dataclass(frozen=True)
class Job:
    """A unit of background work.

    ``done`` of ``total`` units of ``stage`` are through (``total`` 0: unknown). ``pid`` and
    ``pid_started`` (Unix seconds) together name the process that answers for the job; ``waits_for``
    is the id of the job that has to end first. ``actor`` with ``role`` submitted it, and it is done in their
    name. ``error`` and ``remedy`` are plain sentences, "" while
    all is well. All times are UTC.
    """

    id: int
    kind: str
    title: str
    params: Mapping[str, Any]
    dataset: str
    status: Status
    created: datetime
    queued: datetime
    started: datetime | None
    finished: datetime | None
    pid: int | None
    pid_started: float | None
    host: str
    heartbeat: datetime | None
    stage: str
    done: float
    total: float
    message: str
    error: str
    remedy: str
    result: Mapping[str, Any]
    device: str
    waits_for: int | None
    actor: str
    role: str

    @property
    def submitter(self) -> Actor:
        """Who submitted it, with the role they had then."""
        return Actor(self.actor, Role[self.role.upper()])

    @property
    def ended(self) -> bool:
        """Nothing more will happen unless someone resumes it."""
        return self.status in ENDED

    @property
    def resumable(self) -> bool:
        """It ended without a result, so it can be queued again with the same parameters."""
        return self.status in RESUMABLE

    @property
    def fraction(self) -> float | None:
        """How much of the present stage is through, in [0, 1]; None where that is unknown."""
        return min(self.done / self.total, 1.0) if self.total > 0 else None

    @property
    def seconds(self) -> float:
        """Seconds of work so far, 0 before the start."""
        if self.started is None:
            return 0.0
        return max(0.0, ((self.finished or datetime.now(UTC)) - self.started).total_seconds())
