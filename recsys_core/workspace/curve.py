"""The curve of a training run: what it measured after every epoch, kept in the run's folder."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pandas as pd

from recsys_core.progress import Progress
from recsys_core.training.metric_names import BY_EPOCH
from recsys_core.workspace.files import write_file

FILE: Final = "curve.parquet"
EPOCH: Final = "epoch"


def read_curve(folder: Path) -> pd.DataFrame:
    """One row per epoch (index ``epoch``, from 1), one column per measure; empty where nothing was kept."""
    file = folder / FILE
    if not file.is_file():
        return pd.DataFrame(index=pd.Index([], name=EPOCH))
    return pd.read_parquet(file)


class CurveKeeper:
    """A Progress that passes everything on, and keeps the points of curves in ``folder``.

    Every whole epoch is on the disk before the next one has ended, so that a killed run keeps its curve
    up to there; one that goes on from a checkpoint adds to it.
    """

    def __init__(self, progress: Progress, folder: Path) -> None:
        self._progress = progress
        self._folder = folder
        known = read_curve(folder)
        self._points: dict[int, dict[str, float]] = {
            int(epoch): {str(name): float(value) for name, value in known.loc[epoch].dropna().items()}
            for epoch in known.index
        }
        self._latest: int | None = None

    def stage(self, name: str) -> None:
        """Passed on."""
        self._progress.stage(name)

    def advance(self, done: float, total: float, message: str = "") -> None:
        """Passed on."""
        self._progress.advance(done, total, message)

    def log(self, message: str) -> None:
        """Passed on."""
        self._progress.log(message)

    def check_cancelled(self) -> None:
        """Passed on."""
        self._progress.check_cancelled()

    def metric(self, name: str, step: int, value: float) -> None:
        """Passed on, and kept where it comes once an epoch."""
        self._progress.metric(name, step, value)
        if name not in BY_EPOCH:
            return
        if self._latest not in (None, step):
            self.save()
        self._latest = step
        self._points.setdefault(step, {})[name] = value

    def save(self) -> None:
        """Write what there is, whole or not at all; nothing where there is nothing."""
        if self._points:
            write_file(self._folder / FILE, _parquet(self._points))


def _parquet(points: Mapping[int, Mapping[str, float]]) -> bytes:
    frame = pd.DataFrame.from_dict({step: points[step] for step in sorted(points)}, orient="index")
    buffer = io.BytesIO()
    frame.rename_axis(index=EPOCH).to_parquet(buffer)
    return buffer.getvalue()
