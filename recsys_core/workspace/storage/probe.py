"""What a store does on request, tried on an object of our own, and how long each request takes."""

import secrets
import time
from collections.abc import Callable, Mapping
from statistics import median
from typing import Final

from recsys_core.errors import ResourceError
from recsys_core.workspace.storage.objects import Objects

PROBES: Final = "probes"
_TIMES: Final = 3


def probe(objects: Objects) -> Mapping[str, float]:
    """Seconds of a round trip (median of three) that writes, reads, lists and deletes a small object.

    Raises OutageError, and ResourceError where one of them is refused or the store does not keep its word.
    """
    name, content = f"{PROBES}/{secrets.token_hex(8)}", secrets.token_bytes(64)
    acts: dict[str, Callable[[], object]] = {
        "write": lambda: objects.put(name, content),
        "read": lambda: objects.read(name),
        "list": lambda: list(objects.list(PROBES)),
        "delete": lambda: objects.delete([name]),
    }
    seconds = dict[str, list[float]]()
    for _ in range(_TIMES):
        for what, act in acts.items():
            begin = time.perf_counter()
            found = act()
            seconds.setdefault(what, []).append(time.perf_counter() - begin)
            if what == "read" and found != content:
                raise ResourceError(
                    f"The store {objects.url} does not give back what was written to {name}. Take one where "
                    "what was written can be read at once, as with S3."
                )
    return {what: median(taken) for what, taken in seconds.items()}
