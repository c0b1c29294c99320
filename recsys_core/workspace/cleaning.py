"""What killed processes leave in a workspace, and how it goes when the workspace is opened.

Only what is surely of no use goes: nobody has decided about a folder that merely has no row (an older
catalogue may have been put back), so that stays until somebody asks ``driftmap doctor``.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from recsys_core.errors import ResourceError
from recsys_core.workspace.database import reading, writing
from recsys_core.workspace.files import ASIDE, DOOMED, STORED, clear_leftovers, spare
from recsys_core.workspace.judged import FILE as JUDGED
from recsys_core.workspace.purging import finish_purges
from recsys_core.workspace.storage.opening import open_remote, open_storage
from recsys_core.workspace.storage.storage import LocalDisk
from recsys_core.workspace.tables import DatasetRow, ResultRow, RunRow


def clean(root: Path, engine: Engine) -> None:
    """Remove folders that were being written by a process that is gone, versions that hold a person who
    was removed from their dataset, and folders without a row that are doomed, empty, or only a copy of what
    an object store had: another machine may have deleted that.

    A folder is renamed into place while its row is being written under the write lock, so a folder
    without a row is only believed when seen under that lock. A store that does not answer is asked next time.
    """
    for parent in (root / "datasets", root / "results", root / "imports", *root.glob("runs/run-*")):
        clear_leftovers(parent)
    with suppress(ResourceError):
        finish_purges(root, engine)
    with reading(engine) as session:
        known = known_folders(session)
        for run_id in session.scalars(select(RunRow.id).where(RunRow.stale)):
            (root / "runs" / run_id / JUDGED).unlink(missing_ok=True)
    copies = open_remote(root, engine) is not None
    if not any(_of_no_use(path, _known(root, path, known), copies) for path in stored_folders(root)):
        return
    gone = _seen_under_lock(root, engine, copies)
    with suppress(ResourceError):
        open_storage(root, engine).remove(path for path in gone if (path / DOOMED).exists())
    LocalDisk(root).remove(path for path in gone if not (path / DOOMED).exists())
    for path in root.glob("datasets/*"):
        with suppress(OSError):  # it holds versions
            path.rmdir()


def _seen_under_lock(root: Path, engine: Engine, copies: bool) -> list[Path]:
    """The folders that go; those that a row knows after all lose the mark."""
    with writing(engine) as session:
        known, gone = known_folders(session), list[Path]()
        for path in stored_folders(root):
            if _known(root, path, known):
                spare(path)
            elif _of_no_use(path, False, copies):
                gone.append(path)
    return gone


def stored_folders(root: Path) -> Iterator[Path]:
    """Every folder of a dataset version, a result or a run, whether or not a row knows it."""
    for pattern in ("datasets/*/v*", "results/*", "runs/run-*"):
        for path in root.glob(pattern):
            if path.is_dir() and not path.name.startswith(ASIDE):
                yield path


def _known(root: Path, path: Path, known: set[str]) -> bool:
    return path.relative_to(root).as_posix() in known


def _of_no_use(path: Path, known: bool, copies: bool) -> bool:
    """Whether a folder bears the mark, or is unknown and empty or, where there may be ``copies``, one."""
    copied = copies and (path / STORED).exists()
    lost = not known and (copied or next(path.glob("*"), None) is None)
    return lost or (path / DOOMED).exists()


def known_folders(session: Session) -> set[str]:
    """The folders that rows know, below the root."""
    folders = {*session.scalars(select(DatasetRow.folder)), *session.scalars(select(ResultRow.folder))}
    return folders | {f"runs/{run_id}" for run_id in session.scalars(select(RunRow.id))}
