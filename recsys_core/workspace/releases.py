"""The ledger of ε: what was published of a dataset with differential privacy, and what that cost so far.

Rows are only added. They outlive forgetting a person, and the dataset itself: what is published stays
published, so what it cost is not given back.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Column, ColumnElement, Index, Integer, RowMapping, String, Table, func, insert, select
from sqlalchemy.orm import Session

from recsys_core.access import Role
from recsys_core.errors import InputError
from recsys_core.release.release import Release
from recsys_core.release.terms import THOUSANDTHS
from recsys_core.settings import read_settings
from recsys_core.workspace.column_types import UtcDateTime, now
from recsys_core.workspace.database import reading, writing
from recsys_core.workspace.gate import takes
from recsys_core.workspace.records import DatasetInfo
from recsys_core.workspace.tables import Base
from recsys_core.workspace.workspace import Workspace

RELEASE: Final = "release"
"""The kind of result that holds a release."""

RELEASES: Final = Table(
    "releases",
    Base.metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("dataset", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("data_hash", String(64), nullable=False),
    Column("run_id", String(32)),
    Column("key", String(128), nullable=False),
    Column("epsilon_thousandths", Integer, nullable=False),
    Column("created", UtcDateTime, nullable=False),
    Index("releases_of_a_dataset", "dataset"),
    Index("releases_of_content", "data_hash"),
    sqlite_autoincrement=True,
)


@dataclass(frozen=True)
class Budget:
    """ε of one dataset in thousandths: ``spent`` by all releases of all its versions, and of whatever else
    has the same content; ``cap``: what may be spent in all.
    """

    spent: int
    cap: int

    @property
    def left(self) -> int:
        """What may still be spent, ≥ 0."""
        return max(0, self.cap - self.spent)

    def told(self) -> dict[str, float]:
        """``spent``, ``cap`` and ``left`` as ε."""
        numbers = {"spent": self.spent, "cap": self.cap, "left": self.left}
        return {name: number / THOUSANDTHS for name, number in numbers.items()}


@dataclass(frozen=True)
class Published:
    """One row of the ledger. ``run_id``: with whose interests; None: those of the titles. ``epsilon``: its
    cost. ``key``: see ``Terms.key``. ``created``: UTC.
    """

    version: int
    run_id: str | None
    key: str
    epsilon: float
    created: datetime


@takes(Role.VIEWER, "see what was published")
def budget(ws: Workspace, dataset: str) -> Budget:
    """What is spent of the newest version's content and of everything of that name. Raises NotFoundError."""
    with reading(ws.engine) as session:
        return _budget(session, ws.dataset(dataset))


@takes(Role.VIEWER, "see what was published")
def releases(ws: Workspace, dataset: str) -> list[Published]:
    """What was published under the name of a dataset, oldest first, of whichever version."""
    query = select(RELEASES).where(RELEASES.c.dataset == dataset).order_by(RELEASES.c.id)
    with reading(ws.engine) as session:
        return [_published(row) for row in session.execute(query).mappings()]


@takes(Role.VIEWER, "see what was published")
def load_release(ws: Workspace, dataset: str, version: int, run: str | None, key: str) -> Release | None:
    """A release as it was published; None where there is none. See ``Terms.key``."""
    parts = ws.load_result(RELEASE, dataset, version, run, key)
    return Release.from_parts(parts) if parts else None


@takes(Role.ANALYST, "publish with differential privacy")
def check_budget(ws: Workspace, info: DatasetInfo, thousandths: int) -> None:
    """Raise InputError where ε is not left."""
    with reading(ws.engine) as session:
        _check(_budget(session, info), info, thousandths)


@takes(Role.ANALYST, "publish with differential privacy")
def charge(ws: Workspace, info: DatasetInfo, run_id: str | None, key: str, thousandths: int) -> None:
    """Write down what is about to be spent: before any noise is drawn, so that nothing is ever seen for
    nothing. Who is killed right after has spent it. Raises InputError where it is not left.
    """
    row = {"dataset": info.name, "version": info.version, "data_hash": info.hash, "run_id": run_id}
    with writing(ws.engine) as session:
        _check(_budget(session, info), info, thousandths)
        row |= {"key": key, "epsilon_thousandths": thousandths, "created": now()}
        session.execute(insert(RELEASES), row)


def _check(budget: Budget, info: DatasetInfo, thousandths: int) -> None:
    if thousandths > budget.left:
        told = budget.told()
        ask = f"Ask for {told['left']:g} or less, take" if budget.left else "Take"
        raise InputError(
            f"ε = {thousandths / THOUSANDTHS:g} is more than is left of {info.name!r}: {told['spent']:g} of "
            f"{told['cap']:g} are spent.",
            f"{ask} what was published before, or raise DRIFTMAP_EPSILON_CAP, which lets more be told of "
            "everybody in it.",
        )


def _budget(session: Session, info: DatasetInfo) -> Budget:
    spent = select(func.coalesce(func.sum(RELEASES.c.epsilon_thousandths), 0)).where(_of(info))
    return Budget(int(session.scalar(spent) or 0), round(read_settings().epsilon_cap * THOUSANDTHS))


def _of(info: DatasetInfo) -> ColumnElement[bool]:
    return (RELEASES.c.dataset == info.name) | (RELEASES.c.data_hash == info.hash)


def _published(row: RowMapping) -> Published:
    epsilon = int(row["epsilon_thousandths"]) / THOUSANDTHS
    return Published(row["version"], row["run_id"], row["key"], epsilon, row["created"])
