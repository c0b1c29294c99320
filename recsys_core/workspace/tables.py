"""The tables of the catalogue database; ``migrations`` says how to change or add one."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint, false
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from recsys_core.workspace.column_types import Count, Document, UtcDateTime, now


class Base(DeclarativeBase):
    """Parent of every table of the catalogue; its ``metadata`` knows those of other rooms too."""

    type_annotation_map = {dict[str, Any]: Document, list[str]: Document, datetime: UtcDateTime()}  # noqa: RUF012


class CounterRow(Base):
    """The last number given out, so that no dataset version or run id is ever used twice."""

    __tablename__ = "counters"

    name: Mapped[str] = mapped_column(String(128), primary_key=True)
    last: Mapped[int]


class FolderRow(Base):
    """The mark of the one folder whose catalogue this is; see ``belonging``."""

    __tablename__ = "folders"

    mark: Mapped[str] = mapped_column(String(32), primary_key=True)


class DatasetRow(Base):
    """One version of a dataset."""

    __tablename__ = "datasets"
    __table_args__ = (UniqueConstraint("name", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    version: Mapped[int]
    created: Mapped[datetime] = mapped_column(default=now)
    n_users: Mapped[int] = mapped_column(Count)
    n_items: Mapped[int] = mapped_column(Count)
    n_events: Mapped[int] = mapped_column(Count)
    domains: Mapped[list[str]]
    first: Mapped[datetime]
    last: Mapped[datetime]
    hash: Mapped[str] = mapped_column(String(64))
    folder: Mapped[str]
    manifest: Mapped[dict[str, Any]]


class RunRow(Base):
    """One training run."""

    __tablename__ = "runs"
    __table_args__ = (Index("runs_by_dataset", "dataset", "version"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(String(128))
    dataset: Mapped[str] = mapped_column(String(64))
    version: Mapped[int]
    status: Mapped[str] = mapped_column(String(16))
    created: Mapped[datetime] = mapped_column(default=now)
    finished: Mapped[datetime | None]
    options: Mapped[dict[str, Any]]
    metrics: Mapped[dict[str, Any]]
    chosen: Mapped[bool] = mapped_column(default=False)
    stale: Mapped[bool] = mapped_column(default=False, server_default=false())


class ResultRow(Base):
    """One saved result."""

    __tablename__ = "results"
    __table_args__ = (Index("results_by_dataset", "dataset", "version", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(64))
    dataset: Mapped[str] = mapped_column(String(64))
    version: Mapped[int]
    run_id: Mapped[str | None] = mapped_column(String(32))
    key: Mapped[str] = mapped_column(String(128), default="")
    created: Mapped[datetime] = mapped_column(default=now)
    folder: Mapped[str]
    stale: Mapped[bool] = mapped_column(default=False, server_default=false())
