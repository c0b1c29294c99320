"""A workspace made from a backup: every file compared with its sha256, and all of it or nothing."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from recsys_core.access import Role, require
from recsys_core.errors import InputError, ResourceError
from recsys_core.jobs.reaper import disown
from recsys_core.progress import Progress, Silent
from recsys_core.settings import read_settings
from recsys_core.upkeep.archive import extract_archive, read_header
from recsys_core.upkeep.backup import CATALOGUE
from recsys_core.upkeep.copying import copy_rows, is_empty
from recsys_core.workspace.belonging import join
from recsys_core.workspace.database import reading, writing
from recsys_core.workspace.engines import described, make_engine
from recsys_core.workspace.files import aside, clear_leftovers, full_disk_told, put_in_place
from recsys_core.workspace.manifest import PSEUDONYMISED
from recsys_core.workspace.permissions import make_folder
from recsys_core.workspace.person import KEY
from recsys_core.workspace.schema import bring_up_to_date
from recsys_core.workspace.tables import FolderRow
from recsys_core.workspace.workspace import Workspace


@dataclass(frozen=True)
class Restored:
    """``lost``: jobs and runs that were at work at the moment of the backup, as words; they can be resumed.
    ``needs_key``: it holds pseudonyms, and the key that made them is not there.
    """

    root: Path
    created: str
    n_files: int
    n_datasets: int
    n_runs: int
    lost: tuple[str, ...]
    needs_key: bool

    def as_dict(self) -> dict[str, Any]:
        """As plain JSON."""
        return {
            "workspace": str(self.root),
            "created": self.created,
            "files": self.n_files,
            "datasets": self.n_datasets,
            "runs": self.n_runs,
            "lost": list(self.lost),
            "needs_key": self.needs_key,
        }


def restore(file: Path, root: Path, progress: Progress | None = None) -> Restored:
    """Make the workspace ``root``, a folder that is empty or not there, from a backup.

    What was at work then counts as lost, so that it can be resumed. A catalogue of an older Driftmap is
    brought up to date; where DRIFTMAP_DATABASE_URL names a database, it goes there. Raises InputError for a
    damaged file, a folder or database in use or a catalogue of a newer Driftmap, ResourceError for too small
    a disk, AccessError to all but admins. Then ``root`` is as it was.
    """
    require(Role.ADMIN, "restore a backup")
    root, progress = root.absolute(), progress or Silent()
    header = read_header(file)
    _check_target(root)
    root.parent.mkdir(parents=True, exist_ok=True)
    clear_leftovers(root.parent)
    _check_space(root.parent, int(header["bytes"]))
    progress.stage("Restoring")
    with full_disk_told(), aside(root.parent) as folder:
        n_files = extract_archive(file, folder, progress)
        ws = Workspace.open(folder, f"sqlite:///{folder / CATALOGUE}")
        for run in ws.runs():  # one that had just begun has no file yet, and so nothing of it was packed
            make_folder(run.folder)
        lost = (*(f"job {n}" for n in disown(ws)), *(run.name for run in ws.lose_runs()))
        ws.engine.dispose()
        told = Restored(
            root, header["created"], n_files, len(ws.datasets()), len(ws.runs()), lost, _needs_key(ws)
        )
        with _moved(folder, root):
            put_in_place(folder, root)
    return told


@contextmanager
def _moved(folder: Path, root: Path) -> Iterator[None]:
    """The catalogue of ``folder`` goes to the database that the settings name, if they do, while the block
    puts the folder in place: both or neither, unless the server is lost in that moment; then it stays empty,
    and the folder says so when it is opened.
    """
    url = read_settings().database_url
    if url is None:
        yield
        return
    own, engine = make_engine(folder, None), make_engine(root, url)
    try:
        bring_up_to_date(engine, root)
        with writing(engine) as target:
            _check_empty(target, engine)
            with reading(own) as source:
                copy_rows(source.connection(), target.connection())
            (folder / CATALOGUE).unlink()
            join(folder, target)
            yield
    finally:
        own.dispose()
        engine.dispose()


def _check_empty(target: Session, engine: Engine) -> None:
    if not is_empty(target.connection()) or target.scalar(select(FolderRow.mark)) is not None:
        raise InputError(
            f"The database {described(engine.url)} has a catalogue already, and nothing is written over one.",
            "Name an empty database in DRIFTMAP_DATABASE_URL.",
        )


def _check_target(root: Path) -> None:
    if root.exists() and (not root.is_dir() or next(root.iterdir(), None) is not None):
        raise InputError(
            f"{root} is not an empty folder, and nothing is written over a workspace.",
            "Name a new folder with --workspace.",
        )
    if read_settings().storage_url:
        raise InputError(
            "DRIFTMAP_STORAGE_URL names a store, whose files may be newer than those of the backup.",
            "Unset it, restore, then set it to an empty prefix: driftmap doctor --repair puts them there.",
        )


def _check_space(parent: Path, wanted: int) -> None:
    free = shutil.disk_usage(parent).free
    if free < wanted:
        raise ResourceError(
            f"The backup takes {wanted / 1e6:,.0f} MB, and {free / 1e6:,.0f} MB are free at {parent}. "
            "Free some space, or name another folder."
        )


def _needs_key(ws: Workspace) -> bool:
    if (ws.root / KEY).exists():
        return False
    versions = (info for newest in ws.datasets() for info in ws.versions(newest.name))
    return any(info.manifest.get(PSEUDONYMISED) for info in versions)
