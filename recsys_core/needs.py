"""What a piece of work needs of the machine, told before it begins, and whether that is there."""

from dataclasses import dataclass
from typing import Final

import psutil

from recsys_core.errors import ResourceError

GB: Final = 1e9
LONG_SECONDS: Final = 600.0
"""Work that takes longer says so before it begins."""
_HOUR: Final = 3600.0


@dataclass(frozen=True)
class Needs:
    """``what``: the work, as the subject of a sentence; ``size``: of what, e.g. "3 users and 2 items".
    ``memory``: bytes that are held at once, at most; ``seconds``: of one processor, at most. ``remedy``: what
    to do where that is too much, the beginning of no sentence.
    """

    what: str
    size: str
    memory: float
    seconds: float
    remedy: str

    @property
    def large(self) -> bool:
        """Whether it takes long, or half of the memory that is free."""
        return self.seconds > LONG_SECONDS or self.memory > free_memory() / 2

    def refusal(self) -> str:
        """Why it cannot be done now, a sentence: it takes more than the memory that is free; else ""."""
        if self.memory <= (free := free_memory()):
            return ""
        return (
            f"{self.what} would take about {self.memory / GB:,.1f} GB of memory for {self.size}; "
            f"{free / GB:,.1f} GB is free. Free some, use a larger machine, {self.remedy}."
        )

    def check(self) -> None:
        """Raises ResourceError where there is a ``refusal``."""
        if refusal := self.refusal():
            raise ResourceError(refusal)

    def sentence(self) -> str:
        """What it will take, and what to do where that is too much."""
        return (
            f"{self.what} takes up to {_time(self.seconds)} of one processor and "
            f"{self.memory / GB:,.1f} GB of memory for {self.size}. "
            f"If that is too much, use a larger machine, {self.remedy}."
        )


def free_memory() -> int:
    """Bytes that are free now, or can be freed at once."""
    return int(psutil.virtual_memory().available)


def _time(seconds: float) -> str:
    if seconds < 1.5 * _HOUR:
        minutes = max(1, round(seconds / 60))
        return f"{minutes} minute{'s' * (minutes > 1)}"
    return f"{seconds / _HOUR:,.0f} hours"
