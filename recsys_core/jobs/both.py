"""Progress told in two places at once."""

from dataclasses import dataclass

from recsys_core.progress import Progress


@dataclass(frozen=True)
class Both:
    """A Progress that tells two others."""

    first: Progress
    second: Progress

    def stage(self, name: str) -> None:
        """A new stage begins."""
        self.first.stage(name)
        self.second.stage(name)

    def advance(self, done: float, total: float, message: str = "") -> None:
        """``done`` of ``total`` units of this stage are through."""
        self.first.advance(done, total, message)
        self.second.advance(done, total, message)

    def metric(self, name: str, step: int, value: float) -> None:
        """A point of a curve."""
        self.first.metric(name, step, value)
        self.second.metric(name, step, value)

    def log(self, message: str) -> None:
        """A line for the log."""
        self.first.log(message)
        self.second.log(message)

    def check_cancelled(self) -> None:
        """Raise CancelledError if either was asked to stop."""
        self.first.check_cancelled()
        self.second.check_cancelled()
