"""Where a ledger lives: the folder of a workspace and the engine of its catalogue.

A Workspace is one. The process that only waits for its turn opens this much and no more, so that a
long queue costs next to no memory.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine

from recsys_core.settings import read_settings
from recsys_core.workspace.opening import open_engine
from recsys_core.workspace.permissions import make_folder


class Place(Protocol):
    """What the jobs room needs of a Workspace."""

    @property
    def root(self) -> Path:
        """The folder of the workspace."""

    @property
    def engine(self) -> Engine:
        """The engine of its catalogue database."""


@dataclass(frozen=True)
class LightPlace:
    """A workspace without anything that reads datasets."""

    root: Path
    engine: Engine


def open_place(root: Path) -> LightPlace:
    """Open the catalogue of an existing workspace, and nothing else."""
    return LightPlace(root, open_engine(root, read_settings().database_url))


def jobs_folder(place: Place) -> Path:
    """Where logs and locks of jobs lie; made if missing."""
    folder = place.root / "jobs"
    make_folder(folder)
    return folder


def log_path(place: Place, job_id: int) -> Path:
    """The log file of a job: everything its processes printed, with tracebacks."""
    return jobs_folder(place) / f"{job_id}.log"
