"""The training runs of a workspace: a row and a folder for the model each."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from filelock import Timeout
from sqlalchemy import ColumnElement, Engine, select, update
from sqlalchemy.orm import Session

from recsys_core.errors import InputError, NotFoundError
from recsys_core.workspace.column_types import now
from recsys_core.workspace.conflicts import check_seen
from recsys_core.workspace.database import next_number, reading, writing
from recsys_core.workspace.files import plain
from recsys_core.workspace.locking import held
from recsys_core.workspace.permissions import make_folder
from recsys_core.workspace.purging import check_not_purged
from recsys_core.workspace.records import ANY, AnyValue, RunInfo, RunStatus
from recsys_core.workspace.storage.opening import open_storage
from recsys_core.workspace.storage.storage import Kept, Storage
from recsys_core.workspace.tables import RunRow

CHOOSE: Final = "put a model in use"
RENAME: Final = "rename a model"


@dataclass(frozen=True)
class RunStore:
    """``root/runs/<id>/`` and the table of runs."""

    root: Path
    engine: Engine

    @property
    def _storage(self) -> Storage:
        return open_storage(self.root, self.engine)

    def new(self, dataset: str, version: int, options: Mapping[str, Any]) -> RunInfo:
        """A run that has just begun, with an empty folder."""
        with writing(self.engine) as session:
            check_not_purged(session, dataset, version)
            number = next_number(session, "runs")
            row = RunRow(
                id=f"run-{number}",
                number=number,
                name=f"run {number}",
                dataset=dataset,
                version=version,
                status=RunStatus.RUNNING,
                options=plain(options),
                metrics={},
            )
            session.add(row)
            make_folder(self.folder(row.id))
        return self.get(row.id)

    def finish(self, run_id: str, metrics: Mapping[str, Any], status: RunStatus) -> RunInfo:
        """Close a run with its metrics, published where it is finished. Raises NotFoundError."""
        done = status is RunStatus.FINISHED
        kept = self._storage.published(self.folder(run_id), f"runs/{run_id}") if done else nullcontext()
        with kept, writing(self.engine) as session:
            row = self._row(session, run_id)
            row.status, row.metrics, row.finished = status, plain(metrics), now()
        return self.get(run_id)

    def lose(self, run_id: str) -> bool:
        """Mark a running run as lost, if nobody is at work on it; whether it was."""
        with suppress(Timeout), self.lock(run_id), writing(self.engine) as session:
            row = session.get(RunRow, run_id)
            if row is not None and row.status == RunStatus.RUNNING:
                row.status, row.finished = RunStatus.LOST, now()
                return True
        return False

    def lock(self, run_id: str) -> AbstractContextManager[None]:
        """See ``Workspace.lock_of_run``."""
        return held(self.engine, self.root / "locks" / f"{run_id}.lock", 0)

    def reopen(self, run_id: str) -> RunInfo:
        """A run that goes on from its checkpoint; the time spent on it stays. Raises NotFoundError."""
        with writing(self.engine) as session:
            row = self._row(session, run_id)
            kept = {name: row.metrics[name] for name in ("seconds",) if name in row.metrics}
            row.status, row.metrics, row.finished = RunStatus.RUNNING, kept, None
        return self.get(run_id)

    def all(self, dataset: str | None) -> list[RunInfo]:
        """Runs, newest first; of one dataset where named."""
        query = select(RunRow).order_by(RunRow.number.desc())
        if dataset is not None:
            query = query.where(RunRow.dataset == dataset)
        with reading(self.engine) as session:
            rows = list(session.scalars(query))
            in_use = {row.id for row in _in_use(rows).values()}
            return [self._info(row, row.id in in_use) for row in rows]

    def get(self, run_id: str) -> RunInfo:
        """One run. Raises NotFoundError."""
        with reading(self.engine) as session:
            row = self._row(session, run_id)
            same = select(RunRow).where(RunRow.dataset == row.dataset, RunRow.version == row.version)
            used = _in_use(list(session.scalars(same.order_by(RunRow.number.desc()))))
            chosen = used.get((row.dataset, row.version))
            return self._info(row, chosen is row)

    def in_use(self, dataset: str, version: int) -> RunInfo | None:
        """The chosen run of a dataset version, else its newest finished one."""
        found = (run for run in self.all(dataset) if run.version == version and run.in_use)
        return next(found, None)

    def choose(self, run_id: str, seen: str | AnyValue | None = ANY) -> RunInfo:
        """Make a finished run the one in use. ``seen``: the id of the one in use when this was decided.
        Raises NotFoundError, InputError, ConflictError.
        """
        with writing(self.engine) as session:
            row = self._row(session, run_id)
            same = (RunRow.dataset == row.dataset) & (RunRow.version == row.version)
            self._check_in_use(session, seen, same)
            if row.stale:
                raise InputError(
                    f"{row.name} is stale: a person was removed from the data it was trained on.",
                    "Fine-tune again on the newest version.",
                )
            if row.status != RunStatus.FINISHED:
                raise InputError(f"{row.name} is {row.status}.", "Choose a run that has finished.")
            session.execute(update(RunRow).where(same).values(chosen=False))
            row.chosen = True
        return self.get(run_id)

    def rename(self, run_id: str, name: str, seen: str | AnyValue | None = ANY) -> RunInfo:
        """Give a run another name (1 to 64 characters). ``seen``: its name when this was decided.
        Raises NotFoundError, InputError, ConflictError.
        """
        name = " ".join(name.replace("\0", " ").split())
        if not 1 <= len(name) <= 64:
            raise InputError(f"A run's name has 1 to 64 characters, not {len(name)}.", "Choose another name.")
        with writing(self.engine) as session:
            row = self._row(session, run_id)
            check_seen(self.engine, seen, row.name, RENAME, run_id, f"It is called {row.name!r} now")
            row.name = name
        return self.get(run_id)

    def folder(self, run_id: str) -> Path:
        """Where the run's model lies."""
        return self.root / "runs" / run_id

    def _check_in_use(self, session: Session, seen: str | AnyValue | None, same: ColumnElement[bool]) -> None:
        rows = list(session.scalars(select(RunRow).where(same).order_by(RunRow.number.desc())))
        used = next(iter(_in_use(rows).values()), None)
        if used is None:
            check_seen(self.engine, seen, None, CHOOSE, "", "No model is in use now")
        else:
            check_seen(self.engine, seen, used.id, CHOOSE, used.id, f"The model {used.name!r} is in use now")

    def _row(self, session: Session, run_id: str) -> RunRow:
        row = session.get(RunRow, run_id)
        if row is None:
            raise NotFoundError(
                f"There is no run {run_id!r} in this workspace.", "The runs page names those that there are."
            )
        return row

    def _info(self, row: RunRow, in_use: bool) -> RunInfo:
        return RunInfo(
            row.id,
            row.name,
            row.dataset,
            row.version,
            RunStatus(row.status),
            row.created,
            row.finished,
            row.options,
            row.metrics,
            Kept(self._storage, f"runs/{row.id}", row.status == RunStatus.FINISHED),
            in_use,
            row.stale,
        )


def _in_use(newest_first: list[RunRow]) -> dict[tuple[str, int], RunRow]:
    """The run in use of each (dataset, version): the chosen one, else the newest finished; none stale."""
    used: dict[tuple[str, int], RunRow] = {}
    for row in newest_first:
        key = (row.dataset, row.version)
        usable = row.status == RunStatus.FINISHED and not row.stale
        if usable and (row.chosen or key not in used):
            used[key] = row
    return used
