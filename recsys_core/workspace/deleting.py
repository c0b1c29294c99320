"""Deleting datasets and runs with all that was made from them: all rows in one step, then the folders.

Killed before that step, nothing has gone; after it, the folders go when the workspace is next opened, and
with them what an object store has of them.
"""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from recsys_core.workspace.database import writing
from recsys_core.workspace.files import doom
from recsys_core.workspace.storage.opening import open_storage
from recsys_core.workspace.tables import DatasetRow, ResultRow, RunRow


def delete_dataset(root: Path, engine: Engine, name: str) -> None:
    """Remove every version of a dataset, its runs and its results. Hold its lock."""
    storage = open_storage(root, engine)
    storage.check()
    with writing(engine) as session:
        versions = session.scalars(select(DatasetRow).where(DatasetRow.name == name)).all()
        runs = session.scalars(select(RunRow).where(RunRow.dataset == name)).all()
        results = session.scalars(select(ResultRow).where(ResultRow.dataset == name)).all()
        folders = _drop(session, root, [*results, *runs, *versions])
    storage.remove([*folders, root / "datasets" / name])


def delete_run(root: Path, engine: Engine, run_id: str) -> None:
    """Remove a run and its results."""
    storage = open_storage(root, engine)
    storage.check()
    with writing(engine) as session:
        runs = session.scalars(select(RunRow).where(RunRow.id == run_id)).all()
        results = session.scalars(select(ResultRow).where(ResultRow.run_id == run_id)).all()
        folders = _drop(session, root, [*results, *runs])
    storage.remove(folders)
    (root / "locks" / f"{run_id}.lock").unlink(missing_ok=True)


def _drop(session: Session, root: Path, rows: Sequence[DatasetRow | RunRow | ResultRow]) -> list[Path]:
    """Delete rows; the folders that go once that is committed."""
    folders = [root / (f"runs/{row.id}" if isinstance(row, RunRow) else row.folder) for row in rows]
    doom(*folders)
    for row in rows:
        session.delete(row)
    return folders
