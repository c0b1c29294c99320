"""Work in parts that do not need each other: done here one after the other, or wherever there is room.

Code with such parts calls ``spread`` and gets the same results either way. Who knows of more machines (see
``jobs/cluster_spread.py``) says so with ``spreading`` around it.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol, TypeVar

from recsys_core.progress import Progress

PartOfWork = TypeVar("PartOfWork")
Result = TypeVar("Result")
Work = Callable[[PartOfWork, Progress], Result]


class Way(Protocol):
    """How parts are done."""

    def __call__(
        self, work: Work[PartOfWork, Result], parts: Sequence[PartOfWork], told: Callable[[int], Progress]
    ) -> Iterator[Result]:
        """As ``spread``."""


def spread(
    work: Work[PartOfWork, Result], parts: Sequence[PartOfWork], told: Callable[[int], Progress]
) -> Iterator[Result]:
    """``work(part, told(number))`` for each part, in their order.

    ``work`` and the parts must be picklable, and what a part makes must depend on nothing else. ``told``: the
    progress of part ``number``, which is asked whether to stop; of a part that is done elsewhere it hears
    that it is over, and no more. Raises what ``work`` raises, and CancelledError.
    """
    return _way.get()(work, parts, told)


def one_by_one(
    work: Work[PartOfWork, Result], parts: Sequence[PartOfWork], told: Callable[[int], Progress]
) -> Iterator[Result]:
    """Every part in this process."""
    for number, part in enumerate(parts):
        yield work(part, told(number))


@contextmanager
def spreading(way: Way) -> Iterator[None]:
    """Inside, parts are done in this ``way``."""
    token = _way.set(way)
    try:
        yield
    finally:
        _way.reset(token)


_way: ContextVar[Way] = ContextVar("way", default=one_by_one)
