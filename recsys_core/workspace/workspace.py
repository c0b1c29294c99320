"""A workspace: one folder with datasets, runs, results and the database that knows them."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import Engine

from recsys_core.access import Role
from recsys_core.catalogue.dataset import Dataset
from recsys_core.errors import InputError
from recsys_core.parts import Parts
from recsys_core.settings import read_settings
from recsys_core.workspace.cleaning import clean
from recsys_core.workspace.content import Counted
from recsys_core.workspace.datasets import DatasetStore
from recsys_core.workspace.deleting import delete_dataset, delete_run
from recsys_core.workspace.gate import changes, takes
from recsys_core.workspace.opening import open_engine
from recsys_core.workspace.permissions import make_folder, tighten_workspace
from recsys_core.workspace.records import ANY, AnyValue, DatasetInfo, ResultInfo, RunInfo, RunStatus
from recsys_core.workspace.results import ResultStore
from recsys_core.workspace.runs import CHOOSE, RENAME, RunStore


class Workspace:
    """Cheap to open and safe to use from several processes at once."""

    def __init__(self, root: Path, engine: Engine) -> None:
        """Use ``Workspace.open``."""
        self.root = root
        self.engine = engine
        self._datasets = DatasetStore(root, engine)
        self._runs = RunStore(root, engine)
        self._results = ResultStore(root, engine)

    @classmethod
    def open(cls, root: Path | str | None = None, database_url: str | None = None) -> "Workspace":
        """Open or make the workspace in ``root``, by default what the environment says, and clear what
        killed processes left. Nobody but its owner can read what is in it. Raises InputError where the
        folder or the catalogue cannot be used, OutageError where the server of the catalogue does not answer.
        """
        settings = read_settings()
        root = Path(root) if root is not None else settings.workspace
        try:
            make_folder(root / "locks")
        except OSError as error:
            raise InputError(
                f"The workspace {str(root)!r} cannot be made: {error.strerror}.",
                "Name a folder that you may write to.",
            ) from error
        workspace = cls(root.resolve(), open_engine(root.resolve(), database_url or settings.database_url))
        tighten_workspace(workspace.root)
        clean(workspace.root, workspace.engine)
        return workspace

    @takes(Role.VIEWER, "see datasets")
    def datasets(self) -> list[DatasetInfo]:
        """The newest version of each dataset, by name."""
        return self._datasets.newest()

    @takes(Role.VIEWER, "see datasets")
    def versions(self, name: str) -> list[DatasetInfo]:
        """Every version of a dataset, oldest first; [] where there is no such dataset."""
        return self._datasets.versions(name)

    @takes(Role.VIEWER, "see datasets")
    def dataset(self, name: str, version: int | None = None) -> DatasetInfo:
        """One dataset version, the newest where none is named. Raises NotFoundError naming those there."""
        return self._datasets.get(name, version)

    @takes(Role.VIEWER, "see datasets")
    def load_dataset(self, name: str, version: int | None = None) -> Dataset:
        """A dataset version in memory. Raises NotFoundError."""
        return self._datasets.load(self._datasets.get(name, version))

    @changes(Role.ANALYST, "save a version of a dataset", on=("name",))
    def save_dataset(
        self,
        name: str,
        interactions: Path | pd.DataFrame,
        items: pd.DataFrame,
        manifest: Mapping[str, Any],
        extras: Sequence[Path] = (),
        counted: Counted | None = None,
        people: pd.DataFrame | None = None,
    ) -> DatasetInfo:
        """Write the next version of a dataset: all of it or nothing.

        ``interactions``: a frame, or a Parquet file that is moved in; columns ``user_id, item_id, domain,
        timestamp`` (UTC) and ``event, weight``. ``items``: ``item_id, domain, title, text`` and
        attributes. ``extras``: files that are moved in beside them. ``counted``: what is in the dataset,
        where that is known. ``people``: ``user_id`` and attributes (str, "" where unknown), a row a person.
        A version number is never given twice. Raises InputError.
        """
        return self._datasets.save(name, interactions, items, manifest, extras, counted, people)

    @takes(Role.ANALYST, "write to a dataset")
    def dataset_lock(self, name: str) -> AbstractContextManager[None]:
        """Nobody else saves this dataset inside the block. Raises InputError after a minute of waiting."""
        return self._datasets.locked(name)

    @changes(Role.ADMIN, "delete a dataset", on=("name",))
    def delete_dataset(self, name: str) -> None:
        """Remove a dataset with all its versions, runs and results. Raises NotFoundError."""
        self._datasets.get(name, None)
        with self._datasets.locked(name):
            delete_dataset(self.root, self.engine, name)

    @changes(Role.ANALYST, "begin a run", on=("dataset", "version"))
    def new_run(self, dataset: str, version: int, options: Mapping[str, Any]) -> RunInfo:
        """Begin a run on a dataset version; its empty folder is there. Raises NotFoundError."""
        return self._runs.new(dataset, self.dataset(dataset, version).version, options)

    @changes(Role.ANALYST, "close a run", on=("run_id",), detail="status")
    def finish_run(
        self, run_id: str, metrics: Mapping[str, Any], status: RunStatus | str = RunStatus.FINISHED
    ) -> RunInfo:
        """Close a run with its metrics. Raises NotFoundError."""
        return self._runs.finish(run_id, metrics, RunStatus(status))

    @changes(Role.ANALYST, "open a run again", on=("run_id",))
    def reopen_run(self, run_id: str) -> RunInfo:
        """Mark an unfinished run as running again. Raises NotFoundError."""
        return self._runs.reopen(run_id)

    @takes(Role.ANALYST, "work on a run")
    def lock_of_run(self, run_id: str) -> AbstractContextManager[None]:
        """The lock that whoever trains a run holds meanwhile, on all machines. The system lets go of it when
        that process ends, however it ends, and no clock has a say in it. It is not waited for: taking one
        that is held raises filelock.Timeout.
        """
        return self._runs.lock(run_id)

    @takes(Role.ANALYST, "mark runs as lost")
    def lose_runs(self) -> list[RunInfo]:
        """Mark as lost the runs that say they are running with nobody at work on them; which they were."""
        running = [run for run in self._runs.all(None) if run.status is RunStatus.RUNNING]
        return [self._runs.get(run.id) for run in running if self._runs.lose(run.id)]

    @takes(Role.VIEWER, "see models")
    def runs(self, dataset: str | None = None) -> list[RunInfo]:
        """Runs, newest first; of one dataset where named."""
        return self._runs.all(dataset)

    @takes(Role.VIEWER, "see models")
    def run(self, run_id: str) -> RunInfo:
        """One run. Raises NotFoundError."""
        return self._runs.get(run_id)

    @takes(Role.VIEWER, "see models")
    def run_in_use(self, dataset: str, version: int) -> RunInfo | None:
        """The chosen run of a dataset version, else its newest finished one, else None."""
        return self._runs.in_use(dataset, version)

    @changes(Role.ANALYST, CHOOSE, on=("run_id",))
    def choose_run(self, run_id: str, seen: str | AnyValue | None = ANY) -> RunInfo:
        """Make a finished run the one in use. ``seen``: the id of the one in use (None: none was) when this
        was decided. Raises NotFoundError, InputError, ConflictError where that has changed.
        """
        return self._runs.choose(run_id, seen)

    @changes(Role.ANALYST, RENAME, on=("run_id",), detail="name")
    def rename_run(self, run_id: str, name: str, seen: str | AnyValue = ANY) -> RunInfo:
        """Give a run another name. ``seen``: its name when this was decided. Raises NotFoundError,
        InputError, ConflictError where that has changed.
        """
        return self._runs.rename(run_id, name, seen)

    @changes(Role.ADMIN, "delete a model", on=("run_id",))
    def delete_run(self, run_id: str) -> None:
        """Remove a run with its model and results. Raises NotFoundError."""
        self._runs.get(run_id)
        delete_run(self.root, self.engine, run_id)

    @changes(Role.ANALYST, "save a result", on=("dataset", "version", "kind", "run_id"))
    def save_result(
        self, kind: str, dataset: str, version: int, run_id: str | None, parts: Parts, key: str = ""
    ) -> ResultInfo:
        """Save a result in place of an older one of the same kind, dataset version, run and key."""
        return self._results.save(kind, dataset, version, run_id, parts, key)

    @takes(Role.VIEWER, "see results")
    def load_result(
        self,
        kind: str,
        dataset: str,
        version: int,
        run_id: str | AnyValue | None = ANY,
        key: str | AnyValue = ANY,
    ) -> Parts | None:
        """The newest result that fits, or None; ``run_id=None`` means one that needed no run."""
        return self._results.load(kind, dataset, version, run_id, key)

    @takes(Role.VIEWER, "see results")
    def results(self, kind: str, dataset: str, version: int, run_id: str | None) -> list[ResultInfo]:
        """Every result of a kind saved with a run (None: without one), one a key, newest first."""
        return self._results.all(kind, dataset, version, run_id)

    @takes(Role.VIEWER, "see results")
    def result_info(
        self,
        kind: str,
        dataset: str,
        version: int,
        run_id: str | AnyValue | None = ANY,
        key: str | AnyValue = ANY,
    ) -> ResultInfo | None:
        """Where and when the newest result that fits was saved, or None."""
        return self._results.find(kind, dataset, version, run_id, key)
