"""What can go wrong while a model learns: memory that runs out, a loss that is no number any more."""

import gc
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from recsys_core.errors import DriftmapError, ResourceError
from recsys_core.progress import Progress

Made = TypeVar("Made")
SAID = ("not enough memory", "can't allocate memory", "cannot allocate memory", "out of memory")


class DivergedError(DriftmapError):
    """The training loss or the weights are no finite numbers any more."""

    def __init__(self, problem: str, remedy: str) -> None:
        """``problem``: what was seen and when; ``remedy``: what to do."""
        super().__init__(f"{problem} {remedy}")
        self.problem = problem
        self.remedy = remedy


def ran_out_of_memory(error: BaseException) -> bool:
    """Whether an exception says that memory ran out, on the processor or on a GPU."""
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return True
    return isinstance(error, RuntimeError) and any(words in str(error).lower() for words in SAID)


@dataclass
class Parts:
    """Into how many parts a batch is cut so that it fits into memory; doubled whenever one does not.

    ``what``: the unit a batch counts, in words, e.g. "users". ``most``: of them in the largest batch.
    """

    what: str
    most: int
    n: int = 1

    @property
    def size(self) -> int:
        """Units of the largest batch that go through at once."""
        return -(-self.most // self.n)

    def fit(self, work: Callable[[int], Made], undo: Callable[[], None], progress: Progress) -> Made:
        """What ``work`` makes, given the number of parts; where memory runs out, ``undo`` and go on with
        parts half as large.

        Raises ResourceError where one unit at a time is still too much.
        """
        while True:
            try:
                return work(self.n)
            except (RuntimeError, MemoryError) as error:
                if not ran_out_of_memory(error):
                    raise
                if self.size <= 1:
                    raise ResourceError(
                        f"Memory ran out even with one of the {self.what} at a time. Close other programs, "
                        "choose a quicker mode, or use a machine with more memory."
                    ) from error
            # Outside the handler: the exception no longer holds on to what the attempt had allocated.
            undo()
            before, self.n = self.size, self.n * 2
            _let_go()
            progress.log(
                f"Memory ran out with {before} {self.what} at a time; going on with {self.size}. "
                "Their gradients are added up, so that a step means the same."
            )


def _let_go() -> None:
    gc.collect()
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_available():
        torch.cuda.empty_cache()
