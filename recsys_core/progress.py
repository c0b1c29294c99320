"""How long work tells of its progress, and learns that it should stop."""

from dataclasses import dataclass
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


@dataclass(frozen=True)
class Part:
    """Work number ``done`` of ``total`` alike, with stages of its own, told as a part of one stage of
    ``whole``; ``name``: what people read of it.
    """

    whole: Progress
    done: int
    total: int
    name: str

    def stage(self, name: str) -> None:
        """No stage of the whole begins."""
        del name
        self.advance(0, 1)

    def advance(self, done: float, total: float, message: str = "") -> None:
        """So far into the whole."""
        told = f"{self.name}, {message}" if message else self.name
        self.whole.advance(self.done + done / total, self.total, told)

    def metric(self, name: str, step: int, value: float) -> None:
        """Told to the whole."""
        self.whole.metric(name, step, value)

    def log(self, message: str) -> None:
        """Told to the whole, with the name."""
        self.whole.log(f"{self.name}: {message}")

    def check_cancelled(self) -> None:
        """Stops with the whole."""
        self.whole.check_cancelled()
