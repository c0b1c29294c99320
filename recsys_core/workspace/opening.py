"""Opening the catalogue of a workspace, up to date and sure to be its own."""

from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError

from recsys_core.errors import InputError
from recsys_core.workspace.belonging import check_belongs, check_is_here, is_own_file
from recsys_core.workspace.engines import described, make_engine
from recsys_core.workspace.schema import bring_up_to_date


def open_engine(root: Path, database_url: str | None) -> Engine:
    """The engine of the catalogue, its tables made if missing and brought up to date if older.

    Raises InputError where the URL or the file is of no database, the catalogue belongs to another folder or
    a newer Driftmap wrote it; OutageError where the server does not answer.
    """
    engine = make_engine(root, database_url)
    own = is_own_file(root, engine)
    if own:
        check_is_here(root)
    try:
        bring_up_to_date(engine, root)
        if not own:
            check_belongs(root, engine)
    except DatabaseError as error:
        raise InputError(
            f"The catalogue {described(engine.url)} cannot be opened: {error.orig}.",
            "Name another workspace, or put back a copy of its catalog.db.",
        ) from error
    return engine
