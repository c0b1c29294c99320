"""The record of a training run: opened or found again, and closed however the work ends."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from recsys_core import __version__
from recsys_core.catalogue.dataset import Dataset
from recsys_core.errors import CancelledError
from recsys_core.workspace.records import RunInfo, RunStatus
from recsys_core.workspace.workspace import Workspace


def open_run(ws: Workspace, data: Dataset, options: Mapping[str, Any]) -> RunInfo:
    """An unfinished run with the same options and a checkpoint to go on from, else a new one."""
    from recsys_core.training.checkpoint import NAME as CHECKPOINT

    wanted = {**options, "version": data.version, "code_version": __version__}
    for run in ws.runs(data.name):
        unfinished = run.status is not RunStatus.FINISHED and (run.folder / CHECKPOINT).is_file()
        if unfinished and run.version == data.version and dict(run.options) == wanted:
            return run
    return ws.new_run(data.name, data.version, wanted)


@contextmanager
def recorded(ws: Workspace, run: RunInfo) -> Iterator[None]:
    """Whatever ends the work inside early is written to the run; its checkpoint stays."""
    try:
        yield
    except CancelledError:
        ws.finish_run(run.id, {}, RunStatus.CANCELLED)
        raise
    except BaseException as error:
        ws.finish_run(run.id, {"error": str(error)}, RunStatus.FAILED)
        raise
