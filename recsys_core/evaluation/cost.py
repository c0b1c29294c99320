"""What a step costs: wall time, and the most memory the process held meanwhile."""

import threading
import time
from types import TracebackType
from typing import Self

import psutil

EVERY = 0.02


class Cost:
    """``with Cost() as cost: …`` then ``cost.seconds`` and ``cost.peak_rss_mb``.

    Memory is that of the whole process, in MB (10⁶ bytes), looked at every 20 ms.
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        self.peak_rss_mb = 0.0
        self._process = psutil.Process()
        self._done = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._look()
        self._began = time.perf_counter()
        self._watcher.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.seconds = time.perf_counter() - self._began
        self._done.set()
        self._watcher.join()
        self._look()

    def _watch(self) -> None:
        while not self._done.wait(EVERY):
            self._look()

    def _look(self) -> None:
        self.peak_rss_mb = max(self.peak_rss_mb, self._process.memory_info().rss / 1e6)
