"""Removing a person from what jobs wrote down: an error or a log may quote a row of a file."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from sqlalchemy import RowMapping, Select, Table, select, update

from recsys_core.access import Role
from recsys_core.jobs.place import Place, log_path
from recsys_core.jobs.tables import EVENTS, JOBS
from recsys_core.workspace.database import reading, writing
from recsys_core.workspace.gate import takes
from recsys_core.workspace.mentions import Mentions
from recsys_core.workspace.traces import leave_no_trace

REMOVED: Final = "This text went because it may have named a person who was removed."


@takes(Role.ADMIN, "remove a person")
def forget_mentions(place: Place, dataset: str, names: tuple[str, ...]) -> int:
    """Replace the texts of jobs on ``dataset`` that name a person, and remove the log files that do.

    How many went. A short number as an id stands in many a text; then more goes than was needed.
    """
    names_them, of_jobs = Mentions(names).sure, JOBS.c.dataset == dataset
    texts = select(JOBS.c.id, JOBS.c.error, JOBS.c.remedy, JOBS.c.message).where(of_jobs)
    ids = select(JOBS.c.id).where(of_jobs)
    messages = select(EVENTS.c.id, EVENTS.c.message).where(EVENTS.c.job_id.in_(ids), EVENTS.c.message != "")
    n_texts = _replace(place, JOBS, texts, names_them) + _replace(place, EVENTS, messages, names_them)
    if n_texts:
        leave_no_trace(place.engine)
    return n_texts + sum(_remove(path, names_them) for path in _logs(place, ids))


def _replace(place: Place, table: Table, query: Select[Any], found: Callable[[str], bool]) -> int:
    with writing(place.engine) as session:
        changes = {row["id"]: _changed(row, found) for row in session.execute(query).mappings()}
        for row_id, values in changes.items():
            if values:
                session.execute(update(table).where(table.c.id == row_id).values(values))
    return sum(map(len, changes.values()))


def _changed(row: RowMapping, found: Callable[[str], bool]) -> dict[str, str]:
    return {name: REMOVED for name, text in row.items() if isinstance(text, str) and found(text)}


def _logs(place: Place, ids: Select[Any]) -> Iterator[Path]:
    with reading(place.engine) as session:
        yield from [log_path(place, job_id) for job_id in session.scalars(ids)]
    yield from (place.root / "logs").glob("*.log")


def _remove(path: Path, found: Callable[[str], bool]) -> bool:
    if not path.is_file() or not found(path.read_text(encoding="utf-8", errors="replace")):
        return False
    path.unlink(missing_ok=True)
    return True
