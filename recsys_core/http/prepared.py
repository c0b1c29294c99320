"""Recommenders that are ready to answer, since fitting one takes seconds."""

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from contextvars import copy_context
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from recsys_core.http.problems import Problem

if TYPE_CHECKING:
    from recsys_core.recommend.cold_start import ColdStart

MOST: Final = 4
PATIENCE: Final = 5.0
RETRY_SECONDS: Final = 5


@dataclass(frozen=True)
class Key:
    """What a recommender was fitted on. ``run``: the id, None without one."""

    root: Path
    dataset: str
    version: int
    domain: str
    run: str | None


class Prepared:
    """The four asked for last, each fitted once however many ask for it, and one at a time."""

    def __init__(self, patience: float = PATIENCE) -> None:
        """``patience``: for how many seconds a request waits for one that is being fitted."""
        self._patience = patience
        self._kept: OrderedDict[Key, Future[ColdStart]] = OrderedDict()
        self._guard = threading.Lock()
        self._turn = threading.Lock()

    def __len__(self) -> int:
        """How many are ready."""
        with self._guard:
            return sum(future.done() for future in self._kept.values())

    def __contains__(self, key: Key) -> bool:
        """Whether one is ready, or being fitted."""
        with self._guard:
            return key in self._kept

    async def get(self, key: Key, make: Callable[[], "ColdStart"]) -> "ColdStart":
        """The one of ``key``, by ``make`` where it is not there. Raises Problem where that takes longer than
        a request waits, and what ``make`` raises; then the next who asks tries again.
        """
        future = self._kept_or_begun(key, make)
        try:
            return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(future)), self._patience)
        except TimeoutError:
            if future.done():
                raise
            raise Problem.busy("The recommender is being prepared.", RETRY_SECONDS) from None

    def drop(self, is_gone: Callable[[Key], bool]) -> None:
        """Let those go whose data ``is_gone``."""
        with self._guard:
            for key in [key for key in self._kept if is_gone(key)]:
                del self._kept[key]

    def _kept_or_begun(self, key: Key, make: Callable[[], "ColdStart"]) -> "Future[ColdStart]":
        with self._guard:
            if key not in self._kept:
                self._make_room()
                future: Future[ColdStart] = Future()
                future.set_running_or_notify_cancel()  # nobody who stops waiting cancels it
                self._kept[key] = future
                work = (self._fit, key, make, future)
                threading.Thread(target=copy_context().run, args=work, name="fitting", daemon=True).start()
            self._kept.move_to_end(key)
            return self._kept[key]

    def _make_room(self) -> None:
        if len(self._kept) < MOST:
            return
        oldest = next((key for key, future in self._kept.items() if future.done()), None)
        if oldest is None:
            raise Problem.busy(f"{MOST} recommenders are being prepared already.", 3 * RETRY_SECONDS)
        del self._kept[oldest]

    def _fit(self, key: Key, make: Callable[[], "ColdStart"], future: "Future[ColdStart]") -> None:
        try:
            with self._turn:
                ready = make()
        except BaseException as error:  # handed on to those who wait
            self.drop(lambda other: other == key)
            future.set_exception(error)
        else:
            future.set_result(ready)
