"""How often somebody may ask."""

import math
import time
from http import HTTPStatus

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from recsys_core.http.problems import RETRY_AFTER, Problem
from recsys_core.settings import read_settings


class Limit:
    """So many requests a minute, counted in this process: the moments of each who asked within it."""

    def __init__(self) -> None:
        """Nobody has asked yet."""
        self._window = MovingWindowRateLimiter(MemoryStorage())

    def count(self, key: str) -> None:
        """One request more by ``key``. Raises Problem where it is one too many, which does not count."""
        most = RateLimitItemPerMinute(read_settings().api_per_minute)
        if self._window.hit(most, key):
            return
        seconds = max(1, math.ceil(self._window.get_window_stats(most, key).reset_time - time.time()))
        raise Problem(
            HTTPStatus.TOO_MANY_REQUESTS,
            f"More than {most.amount} requests came from you within a minute.",
            f"Ask again in {seconds} seconds; DRIFTMAP_API_PER_MINUTE sets how many are answered.",
            {RETRY_AFTER: str(seconds)},
        )
