"""The saved results of a workspace: interests, maps, migrations, scorecards."""

import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, Select, select

from recsys_core.errors import ResourceError
from recsys_core.parts import Parts
from recsys_core.workspace.database import reading, writing
from recsys_core.workspace.files import aside, doom, put_in_place, read_parts, spare, write_parts
from recsys_core.workspace.purging import check_not_purged
from recsys_core.workspace.records import ANY, AnyValue, ResultInfo
from recsys_core.workspace.storage.objects import MissingObjectError
from recsys_core.workspace.storage.opening import open_storage
from recsys_core.workspace.storage.storage import Kept, Storage
from recsys_core.workspace.tables import ResultRow


@dataclass(frozen=True)
class ResultStore:
    """``root/results/<kind>-<random>/`` and the table of results."""

    root: Path
    engine: Engine

    @property
    def folder(self) -> Path:
        """Where the results lie."""
        return self.root / "results"

    @property
    def _storage(self) -> Storage:
        return open_storage(self.root, self.engine)

    def save(
        self, kind: str, dataset: str, version: int, run_id: str | None, parts: Parts, key: str
    ) -> ResultInfo:
        """Save a result; an older one of the same kind, dataset version, run and key goes.

        Raises NotFoundError where the version went meanwhile because a person was removed.
        """
        final = self.folder / f"{kind}-{secrets.token_hex(6)}"
        with aside(self.folder) as folder:
            write_parts(folder, parts)
            with self._storage.published(folder, f"results/{final.name}"), writing(self.engine) as session:
                doom(folder)
                check_not_purged(session, dataset, version)
                old = list(session.scalars(_query(kind, dataset, version, run_id, key)))
                row = ResultRow(
                    kind=kind,
                    dataset=dataset,
                    version=version,
                    run_id=run_id,
                    key=key,
                    folder=str(final.relative_to(self.root)),
                )
                session.add(row)
                for stale in old:
                    session.delete(stale)
                doom(*(self.root / stale.folder for stale in old))
                session.flush()
                put_in_place(folder, final)
                info = self._info(row)
        spare(info.kept.here)
        with suppress(ResourceError):  # the old one is doomed, and goes when the workspace is next opened
            self._storage.remove(self.root / stale.folder for stale in old)
        return info

    def find(
        self, kind: str, dataset: str, version: int, run_id: str | AnyValue | None, key: str | AnyValue
    ) -> ResultInfo | None:
        """The newest result that fits, or None."""
        with reading(self.engine) as session:
            row = session.scalars(_query(kind, dataset, version, run_id, key).limit(1)).first()
            return None if row is None else self._info(row)

    def all(self, kind: str, dataset: str, version: int, run_id: str | None) -> list[ResultInfo]:
        """The results of a kind that were saved with a run (None: without one), one a key, newest first."""
        with reading(self.engine) as session:
            return [self._info(row) for row in session.scalars(_query(kind, dataset, version, run_id, ANY))]

    def load(
        self, kind: str, dataset: str, version: int, run_id: str | AnyValue | None, key: str | AnyValue
    ) -> Parts | None:
        """The parts of the newest result that fits, or None; none where it is stale."""
        info = self.find(kind, dataset, version, run_id, key)
        while info is not None and not info.stale:
            try:
                return read_parts(info.folder)
            except (
                FileNotFoundError,
                MissingObjectError,
            ):  # replaced by another process between the two steps
                again = self.find(kind, dataset, version, run_id, key)
                if again == info:
                    raise
                info = again
        return None

    def _info(self, row: ResultRow) -> ResultInfo:
        return ResultInfo(
            row.id,
            row.kind,
            row.dataset,
            row.version,
            row.run_id,
            row.key,
            row.created,
            Kept(self._storage, row.folder),
            row.stale,
        )


def _query(
    kind: str, dataset: str, version: int, run_id: str | AnyValue | None, key: str | AnyValue
) -> Select[ResultRow]:
    query = select(ResultRow).where(
        ResultRow.kind == kind, ResultRow.dataset == dataset, ResultRow.version == version
    )
    if not isinstance(run_id, AnyValue):
        query = query.where(ResultRow.run_id == run_id)
    if not isinstance(key, AnyValue):
        query = query.where(ResultRow.key == key)
    return query.order_by(ResultRow.id.desc())
