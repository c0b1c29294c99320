"""What killed processes leave in a workspace, and how it goes when the workspace is opened."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from recsys_core.workspace.database import reading, writing
from recsys_core.workspace.files import ASIDE, clear_leftovers
from recsys_core.workspace.purging import finish_purges
from recsys_core.workspace.tables import DatasetRow, ResultRow, RunRow


def clean(root: Path, engine: Engine) -> None:
    """Remove folders that were being written by a process that is gone, versions that hold a person who
    was removed from their dataset, and folders without a row.

    A folder is renamed into place while its row is being written under the write lock, so a folder
    without a row is only believed when seen under that lock.
    """
    for parent in (root / "datasets", root / "results", root / "imports"):
        clear_leftovers(parent)
    finish_purges(root, engine)
    with reading(engine) as session:
        known = _known(session)
    if not any(folder not in known for folder in _folders(root)):
        return
    with writing(engine) as session:
        known = _known(session)
        for folder in list(_folders(root)):
            if folder not in known:
                shutil.rmtree(root / folder, ignore_errors=True)


def _folders(root: Path) -> Iterator[str]:
    for pattern in ("datasets/*/v*", "results/*", "runs/run-*"):
        for path in root.glob(pattern):
            if path.is_dir() and not path.name.startswith(ASIDE):
                yield path.relative_to(root).as_posix()


def _known(session: Session) -> set[str]:
    folders = {*session.scalars(select(DatasetRow.folder)), *session.scalars(select(ResultRow.folder))}
    return folders | {f"runs/{run_id}" for run_id in session.scalars(select(RunRow.id))}
