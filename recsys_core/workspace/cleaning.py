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
        known = known_folders(session)
    if not any(folder not in known for folder in folders(root)):
        return
    with writing(engine) as session:
        known = known_folders(session)
        for folder in list(folders(root)):
            if folder not in known:
                shutil.rmtree(root / folder, ignore_errors=True)


def folders(root: Path) -> Iterator[str]:
    """The folders of dataset versions, results and runs that lie in ``root``, relative to it."""
    for pattern in ("datasets/*/v*", "results/*", "runs/run-*"):
        for path in root.glob(pattern):
            if path.is_dir() and not path.name.startswith(ASIDE):
                yield path.relative_to(root).as_posix()


def known_folders(session: Session) -> set[str]:
    """Those of them that the catalogue knows."""
    found = {*session.scalars(select(DatasetRow.folder)), *session.scalars(select(ResultRow.folder))}
    return found | {f"runs/{run_id}" for run_id in session.scalars(select(RunRow.id))}
