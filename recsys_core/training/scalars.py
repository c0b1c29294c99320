"""A training's numbers for TensorBoard, where the package ``tensorboard`` is installed.

``pip install 'driftmap[tensorboard]'``, then ``tensorboard --logdir WORKSPACE/runs``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from recsys_core.progress import Progress
from recsys_core.training.metric_names import UNITS

if TYPE_CHECKING:
    from torch.utils.tensorboard import SummaryWriter

FOLDER = "tensorboard"


@contextmanager
def scalars_in(folder: Path, progress: Progress) -> Iterator[Progress]:
    """A Progress that also writes every metric as a scalar into ``folder``/tensorboard.

    ``progress`` itself where the package is not there.
    """
    if find_spec("tensorboard") is None:
        yield progress
        return
    written = Scalars(folder / FOLDER, progress)
    try:
        yield written
    finally:
        written.close()


class Scalars:
    """Tells another Progress everything, and TensorBoard every metric."""

    def __init__(self, folder: Path, progress: Progress) -> None:
        """``folder``: where event files go; one more for each time a training goes on."""
        self._folder, self._progress = folder, progress
        self._writer: SummaryWriter | None = None

    def stage(self, name: str) -> None:
        """A new stage begins."""
        self._progress.stage(name)

    def advance(self, done: float, total: float, message: str = "") -> None:
        """``done`` of ``total`` units of this stage are through."""
        self._progress.advance(done, total, message)

    def metric(self, name: str, step: int, value: float) -> None:
        """A point of a curve. What was written after the epoch that training goes on from is void."""
        self._progress.metric(name, step, value)
        if name == UNITS:
            self._open(int(step * value))
        elif self._writer is not None:
            self._writer.add_scalar(name, value, step)

    def log(self, message: str) -> None:
        """A line for the log."""
        self._progress.log(message)

    def check_cancelled(self) -> None:
        """Raise CancelledError where the other was asked to stop."""
        self._progress.check_cancelled()

    def close(self) -> None:
        """Write what is left."""
        if self._writer is not None:
            self._writer.close()
        self._writer = None

    def _open(self, void_from: int) -> None:
        from torch.utils.tensorboard import SummaryWriter

        self.close()
        self._writer = SummaryWriter(str(self._folder), purge_step=void_from or None)
