"""The record of a training run: opened or found again, and closed however the work ends."""

import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from filelock import Timeout

from recsys_core import __version__
from recsys_core.catalogue.dataset import Dataset
from recsys_core.errors import CancelledError, InputError
from recsys_core.progress import Progress
from recsys_core.settings import read_settings
from recsys_core.workspace.curve import CurveKeeper
from recsys_core.workspace.files import clear_half_written
from recsys_core.workspace.hardware import device_name
from recsys_core.workspace.records import RunInfo, RunStatus
from recsys_core.workspace.run_encoders import is_pretrained
from recsys_core.workspace.workspace import Workspace


def open_run(ws: Workspace, data: Dataset, options: Mapping[str, Any]) -> RunInfo:
    """An unfinished run with the same options that was lost, or has something to go on from, a checkpoint or
    a pre-trained encoder; else a new one.
    """
    ws.lose_runs()
    for run in _made_with(ws, data, options):
        ended = run.status not in (RunStatus.FINISHED, RunStatus.RUNNING)
        if ended and (_has_checkpoint(run) or is_pretrained(run) or run.status is RunStatus.LOST):
            return ws.reopen_run(run.id)
    return ws.new_run(data.name, data.version, _wanted(data, options))


def run_cut_off(ws: Workspace, data: Dataset, options: Mapping[str, Any]) -> RunInfo | None:
    """A finished run with the same options that still has its checkpoint: a kill came between, and whoever
    asked for it has not heard of it and would make it again.
    """
    same = _made_with(ws, data, options)
    return next((run for run in same if run.status is RunStatus.FINISHED and _has_checkpoint(run)), None)


def _made_with(ws: Workspace, data: Dataset, options: Mapping[str, Any]) -> list[RunInfo]:
    """The runs of this version of the dataset with the same options, but those that are stale."""
    runs, wanted = ws.runs(data.name), _wanted(data, options)
    return [r for r in runs if r.version == data.version and dict(r.options) == wanted and not r.stale]


def _wanted(data: Dataset, options: Mapping[str, Any]) -> dict[str, Any]:
    return {**options, "version": data.version, "code_version": __version__}


def _has_checkpoint(run: RunInfo) -> bool:
    from recsys_core.training.checkpoint import NAME

    return (run.folder / NAME).is_file()


def finished_run(ws: Workspace, dataset: str, options: Mapping[str, Any]) -> RunInfo | None:
    """The newest finished run of this version of Driftmap that was made with these ``options``."""
    wanted = {**options, "code_version": __version__}.items()
    for run in ws.runs(dataset):
        if run.status is RunStatus.FINISHED and not run.stale and wanted <= dict(run.options).items():
            return run
    return None


@dataclass(frozen=True)
class Making:
    """A run in the making. ``progress`` keeps its curve; ``made`` says on what and how long so far."""

    progress: CurveKeeper
    device: str
    before: float
    began: float = field(default_factory=time.monotonic)

    def made(self) -> dict[str, Any]:
        """``seconds`` of work, those before an interruption included, and ``device``."""
        return {"seconds": self.before + time.monotonic() - self.began, "device": self.device}


@contextmanager
def recorded(ws: Workspace, run: RunInfo, progress: Progress) -> Iterator[Making]:
    """Whatever ends the work inside early is written to the run; its checkpoint and its curve stay.

    The log names the run, so that whoever reads a job knows which run it made, and the other way round.
    Raises InputError where another process trains the very same run.
    """
    with _alone(ws, run):
        yield from _recorded(ws, run, progress)


@contextmanager
def _alone(ws: Workspace, run: RunInfo) -> Iterator[None]:
    with ExitStack() as holding:
        try:
            holding.enter_context(ws.lock_of_run(run.id))
        except Timeout as error:
            raise InputError(f"Another process trains {run.name}.", "Wait for it to end.") from error
        if ws.run(run.id).status is RunStatus.LOST:  # taken for lost before it held the lock
            ws.reopen_run(run.id)
        clear_half_written(run.folder)
        yield


def _recorded(ws: Workspace, run: RunInfo, progress: Progress) -> Iterator[Making]:
    name = device_name(read_settings().device)
    making = Making(CurveKeeper(progress, run.folder), name, float(run.metrics.get("seconds", 0.0)))
    progress.log(log_line(run.id))
    try:
        try:
            yield making
        finally:
            with suppress(OSError):  # a full disk must not hide what went wrong
                making.progress.save()
    except CancelledError:
        ws.finish_run(run.id, making.made(), RunStatus.CANCELLED)
        raise
    except InputError as error:
        said = {"error": error.problem, "remedy": error.remedy}
        ws.finish_run(run.id, making.made() | said, RunStatus.FAILED)
        raise
    except BaseException as error:
        ws.finish_run(run.id, making.made() | {"error": str(error)}, RunStatus.FAILED)
        raise


def log_line(run_id: str) -> str:
    """What the log of a job says when the training of a run begins or goes on."""
    return f"Training {run_id}"


def run_for(ws: Workspace, dataset: str, version: int | None, run: str | None) -> RunInfo | None:
    """The named run, else the one in use, else None.

    Raises NotFoundError, and InputError where the run is not finished, is stale or belongs to other data.
    """
    info = ws.dataset(dataset, version)
    if run is None:
        return ws.run_in_use(dataset, info.version)
    found = ws.run(run)
    if found.stale:
        raise InputError(
            f"Run {run!r} is stale: a person was removed from the data it was trained on.",
            "Fine-tune again on the newest version.",
        )
    if (found.dataset, found.version) != (dataset, info.version) or found.status is not RunStatus.FINISHED:
        raise InputError(
            f"Run {run!r} is not a finished run on version {info.version} of {dataset!r}.",
            "Choose one of that dataset's runs, or start a fine-tune.",
        )
    return found
