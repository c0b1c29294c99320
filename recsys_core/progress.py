"""How long work tells of its progress, and learns that it should stop."""

from typing import Protocol


class Progress(Protocol):
    """What a step of the pipeline reports to: a terminal, the job ledger, or nobody."""

    def stage(self, name: str) -> None:
        """A new stage begins; ``name`` is a short phrase a user understands."""

    def advance(self, done: float, total: float, message: str = "") -> None:
        """``done`` of ``total`` units of this stage are through."""

    def metric(self, name: str, step: int, value: float) -> None:
        """A point of a curve, e.g. ``metric("validation ndcg@10", epoch, 0.047)``."""

    def log(self, message: str) -> None:
        """A line for the log."""

    def check_cancelled(self) -> None:
        """Raise CancelledError if the user asked to stop. Call it between units of work."""


class Silent:
    """A Progress that nobody listens to."""

    def stage(self, name: str) -> None:
        """Ignored."""

    def advance(self, done: float, total: float, message: str = "") -> None:
        """Ignored."""

    def metric(self, name: str, step: int, value: float) -> None:
        """Ignored."""

    def log(self, message: str) -> None:
        """Ignored."""

    def check_cancelled(self) -> None:
        """Never cancelled."""
