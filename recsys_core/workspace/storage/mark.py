"""The mark that a catalogue, and all that belongs to it, bears."""

import secrets

from sqlalchemy import Engine, select

from recsys_core.workspace.database import reading, writing
from recsys_core.workspace.tables import FolderRow


def mark_of(engine: Engine) -> str:
    """The mark of a catalogue, made where it has none yet."""
    with reading(engine) as session:
        found: str | None = session.scalar(select(FolderRow.mark))
    if found is not None:
        return found
    with writing(engine) as session:
        found = session.scalar(select(FolderRow.mark))
        if found is None:
            found = secrets.token_hex(16)
            session.add(FolderRow(mark=found))
        return found
