"""Whether a catalogue on a server is the one of this folder.

Opening a workspace removes folders of which its catalogue knows nothing. With the catalogue of another
workspace, or an empty one, that would be everything, so a folder and a catalogue outside of it carry the
same mark. So does an object store behind them; then any number of folders, on as many machines, have the one
catalogue.
"""

import secrets
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from recsys_core.errors import InputError
from recsys_core.workspace.database import reading, writing
from recsys_core.workspace.engines import described
from recsys_core.workspace.tables import FolderRow

MARK: Final = "catalogue.mark"


def is_own_file(root: Path, engine: Engine) -> bool:
    """Whether the catalogue is a file in ``root``, with which it is moved and copied."""
    return engine.dialect.name == "sqlite" and Path(engine.url.database or "").parent == root


def check_is_here(root: Path) -> None:
    """Raise InputError where the catalogue of ``root`` is not a file in it, so that none is begun there."""
    if (root / MARK).exists():
        raise InputError(
            f"The workspace {root} has its catalogue in a database outside of it.",
            "Set DRIFTMAP_DATABASE_URL to that database.",
        )


def check_belongs(root: Path, engine: Engine) -> None:
    """Raise InputError where the catalogue, being no file in ``root``, is that of another folder. A catalogue
    and a folder that are both new are joined.
    """
    with reading(engine) as session:
        mark = session.scalar(select(FolderRow.mark))
    mark = mark or _join(root, engine)
    path = root / MARK
    if not path.exists():
        _join_by_store(root, engine, mark)
    if not path.exists() or path.read_text(encoding="ascii") != mark:
        raise InputError(
            f"The database {described(engine.url)} has the catalogue of another workspace than {root}.",
            "Each workspace takes a database of its own: correct DRIFTMAP_DATABASE_URL or the workspace. "
            "Where machines share the folder, see that it is mounted.",
        )


def _join_by_store(root: Path, engine: Engine, mark: str) -> None:
    """A new folder becomes one of the catalogue's where an object store bears the same mark."""
    from recsys_core.workspace.cleaning import stored_folders
    from recsys_core.workspace.files import write_file
    from recsys_core.workspace.storage.opening import open_remote

    remote = open_remote(root, engine)
    if remote is not None and remote.bears(mark) and next(stored_folders(root), None) is None:
        write_file(root / MARK, mark.encode("ascii"))


def _join(root: Path, engine: Engine) -> str:
    from recsys_core.workspace.cleaning import known_folders, stored_folders  # heavy, and only needed once

    with writing(engine) as session:
        mark: str | None = session.scalar(select(FolderRow.mark))
        if mark is not None:
            return mark
        lying = {path.relative_to(root).as_posix() for path in stored_folders(root)}
        if lying and not lying & known_folders(session):
            raise InputError(
                f"The database {described(engine.url)} is empty, but the workspace {root} is not.",
                "Name an empty folder for it, or unset DRIFTMAP_DATABASE_URL to use the folder as before.",
            )
        return join(root, session)


def join(root: Path, session: Session) -> str:
    """Put the same new mark on a folder and a catalogue that have none."""
    from recsys_core.workspace.files import write_file

    made = secrets.token_hex(16)
    write_file(root / MARK, made.encode("ascii"))
    session.add(FolderRow(mark=made))
    return made
