"""The datasets of a workspace: immutable versions, each a folder of Parquet and a row."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd
from filelock import Timeout
from sqlalchemy import Engine, func, select

from recsys_core.catalogue.dataset import Dataset
from recsys_core.catalogue.numbering import number_events, open_numbered
from recsys_core.catalogue.people import People
from recsys_core.columns import TEXT, TITLE
from recsys_core.errors import InputError, NotFoundError
from recsys_core.logs.names import check_name
from recsys_core.workspace.content import (
    INTERACTIONS,
    ITEMS,
    NUMBERED,
    PEOPLE,
    Counted,
    describe,
    write_content,
)
from recsys_core.workspace.database import next_number, reading, writing
from recsys_core.workspace.files import aside, doom, full_disk_told, plain, put_in_place, spare, to_json
from recsys_core.workspace.locking import held
from recsys_core.workspace.permissions import make_folder
from recsys_core.workspace.records import DatasetInfo
from recsys_core.workspace.storage.opening import open_storage
from recsys_core.workspace.storage.storage import Kept, Storage
from recsys_core.workspace.tables import DatasetRow

LOCK_SECONDS = 60
NUMBERED_AT_ONCE = 1_000_000
"""So many events are numbered when they are saved, since it takes longer than a page should; fewer when they
are first opened.
"""


def lock_file(root: Path, name: str) -> Path:
    """The file whose lock whoever writes to a dataset holds."""
    return root / "locks" / f"dataset-{sha256(name.encode()).hexdigest()[:16]}.lock"


@dataclass(frozen=True)
class DatasetStore:
    """``root/datasets/<name>/v<version>-<random>/`` and the table of datasets."""

    root: Path
    engine: Engine

    @property
    def folder(self) -> Path:
        """Where the datasets lie."""
        return self.root / "datasets"

    @property
    def _storage(self) -> Storage:
        return open_storage(self.root, self.engine)

    def newest(self) -> list[DatasetInfo]:
        """The newest version of each dataset, by name."""
        last = select(func.max(DatasetRow.id)).group_by(DatasetRow.name)
        query = select(DatasetRow).where(DatasetRow.id.in_(last))
        with reading(self.engine) as session:
            found = [self._info(row) for row in session.scalars(query)]
        return sorted(found, key=lambda info: info.name)  # databases differ in how they sort text

    def versions(self, name: str) -> list[DatasetInfo]:
        """Every version of one dataset, oldest first; none where there is no such dataset."""
        query = select(DatasetRow).where(DatasetRow.name == name).order_by(DatasetRow.version)
        with reading(self.engine) as session:
            return [self._info(row) for row in session.scalars(query)]

    def get(self, name: str, version: int | None) -> DatasetInfo:
        """One version, the newest where none is named. Raises NotFoundError."""
        versions = self.versions(name)
        if not versions:
            names = [info.name for info in self.newest()]
            known = f"There are: {', '.join(names)}." if names else "Import a log first: there are none yet."
            raise NotFoundError(f"There is no dataset {name!r} in this workspace.", known)
        for info in reversed(versions):
            if version in (None, info.version):
                return info
        numbers = ", ".join(str(info.version) for info in versions)
        raise NotFoundError(f"Dataset {name!r} has no version {version}.", f"It has: {numbers}.")

    def load(self, info: DatasetInfo) -> Dataset:
        """The dataset, its events mapped into memory; they are numbered the first time."""
        numbered = info.folder / NUMBERED
        if not numbered.exists():
            self._number_now(info, numbered)
        people = People(info.folder / PEOPLE) if (info.folder / PEOPLE).exists() else None
        return open_numbered(info.name, info.version, numbered, people)

    def _number_now(self, info: DatasetInfo, to: Path) -> None:
        with full_disk_told(), aside(self.root / "imports") as folder:
            _number(info.folder, folder)
            try:
                put_in_place(folder, to)
            except OSError:
                if not to.exists():  # else somebody was quicker
                    raise

    @contextmanager
    def locked(self, name: str) -> Iterator[None]:
        """Nobody else writes to this dataset inside the block; may be nested in one thread.

        Raises InputError where another import holds it for longer than a minute.
        """
        try:
            with held(self.engine, lock_file(self.root, name), LOCK_SECONDS, nested=True):
                yield
        except Timeout as error:
            raise InputError(
                f"Another import into {name!r} is still at work.", "Wait for it to end, then try again."
            ) from error

    def save(
        self,
        name: str,
        interactions: Path | pd.DataFrame,
        items: pd.DataFrame,
        manifest: Mapping[str, Any],
        extras: Sequence[Path],
        counted: Counted | None = None,
        people: pd.DataFrame | None = None,
    ) -> DatasetInfo:
        """Write the next version. ``interactions`` has ``INTERACTION_COLUMNS``, a Parquet file of them is
        moved away from where it was. ``counted``: what is in it, where that is known. ``people``: ``user_id``
        and attributes. A killed process leaves the old state. Raises InputError.
        """
        check_name(name, "dataset")
        make_folder(self.folder)
        with self.locked(name), aside(self.folder) as folder:
            write_content(folder, interactions, items, {TITLE: "", TEXT: ""}, people)
            for extra in extras:
                extra.rename(folder / extra.name)
            facts = describe(folder, counted)
            if facts.row["n_events"] >= NUMBERED_AT_ONCE:
                (folder / NUMBERED).mkdir()
                _number(folder, folder / NUMBERED)
            manifest = plain({**manifest, "outputs": facts.outputs, "hash": facts.hash})
            (folder / "manifest.json").write_text(to_json(manifest), encoding="utf-8")
            token = secrets.token_hex(6)
            with self._storage.published(folder, f"datasets/{name}/{token}"):
                doom(folder)
                info = self._commit(name, token, folder, facts.row, manifest)
        spare(info.kept.here)
        return info

    def _commit(
        self, name: str, token: str, folder: Path, facts: Mapping[str, Any], manifest: Mapping[str, Any]
    ) -> DatasetInfo:
        with writing(self.engine) as session:
            version = next_number(session, f"dataset {name}")
            final = self.folder / name / f"v{version}-{token}"
            row = DatasetRow(
                name=name,
                version=version,
                folder=str(final.relative_to(self.root)),
                manifest=manifest,
                **facts,
            )
            session.add(row)
            session.flush()
            put_in_place(folder, final)
            return self._info(row)

    def _info(self, row: DatasetRow) -> DatasetInfo:
        return DatasetInfo(
            row.name,
            row.version,
            row.created,
            row.n_users,
            row.n_items,
            row.n_events,
            tuple(row.domains),
            row.first,
            row.last,
            row.hash,
            Kept(self._storage, row.folder),
            row.manifest,
        )


def _number(content: Path, to: Path) -> None:
    number_events(content / INTERACTIONS, pd.read_parquet(content / ITEMS), to)
