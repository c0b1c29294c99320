"""How much there is in a workspace: counts only, without a name."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from recsys_core.workspace.database import reading
from recsys_core.workspace.tables import DatasetRow, RunRow
from recsys_core.workspace.workspace import Workspace


@dataclass(frozen=True)
class Census:
    """``events``: of the newest version of each dataset. ``runs``: how many, by status."""

    datasets: int
    versions: int
    events: int
    runs: Mapping[str, int]


def count_all(ws: Workspace) -> Census:
    """What the catalogue counts now."""
    newest = select(DatasetRow.name, func.max(DatasetRow.version).label("version")).group_by(DatasetRow.name)
    of = newest.subquery()
    same = (DatasetRow.name == of.c.name) & (DatasetRow.version == of.c.version)
    events = select(func.count(), func.coalesce(func.sum(DatasetRow.n_events), 0)).select_from(DatasetRow)
    with reading(ws.engine) as session:
        datasets, n_events = session.execute(events.join(of, same)).one()
        versions = session.scalar(select(func.count()).select_from(DatasetRow)) or 0
        by_status = session.execute(select(RunRow.status, func.count()).group_by(RunRow.status))
        runs = {status: int(count) for status, count in by_status}
    return Census(datasets, versions, int(n_events), runs)
