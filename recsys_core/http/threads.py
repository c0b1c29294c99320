"""Threads for what would block the server, which has pages to serve, too."""

from collections.abc import Callable
from typing import Final, ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread

from recsys_core.http.problems import Problem

MOST: Final = 4
MOST_WAITING: Final = 64

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


class Threads:
    """At most four at work, and 64 requests waiting for one; whoever comes then is asked to come again."""

    def __init__(self) -> None:
        """None is started before it is needed."""
        self._limiter = CapacityLimiter(MOST)

    async def run(
        self, function: Callable[Given, Answer], *args: Given.args, **kwargs: Given.kwargs
    ) -> Answer:
        """What ``function`` returns, from a thread in which the same ``actor`` asks. Raises Problem."""
        if self._limiter.statistics().tasks_waiting >= MOST_WAITING:
            raise Problem.busy("Too many requests wait for an answer.", 1)
        return await to_thread.run_sync(lambda: function(*args, **kwargs), limiter=self._limiter)
