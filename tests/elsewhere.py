"""Parts of work as another machine gets them: pickled on the way there and on the way back."""

import pickle
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from recsys_core.progress import Progress, Silent


def elsewhere(seen: list[Any] | None = None) -> Callable[..., Iterator[Any]]:
    """A way to do parts, see ``recsys_core.spread``; the parts done are added to ``seen``."""

    def way(
        work: Callable[[Any, Progress], Any], parts: Sequence[Any], told: Callable[[int], Progress]
    ) -> Iterator[Any]:
        for number, part in enumerate(parts):
            there_work, there_part = pickle.loads(pickle.dumps((work, part)))  # noqa: S301 - our own
            if seen is not None:
                seen.append(there_part)
            yield pickle.loads(pickle.dumps(there_work(there_part, Silent())))  # noqa: S301 - our own
            told(number).advance(1, 1)

    return way
