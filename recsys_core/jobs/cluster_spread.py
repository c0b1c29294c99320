"""Parts of a job's work as tasks of the Ray cluster that the job runs on."""

import logging
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import ray

from recsys_core.progress import Progress, Silent
from recsys_core.settings import read_settings

PATIENCE_SECONDS: Final = 10.0
"""So long a result is waited for; then its part is done here, too: there may be no room for it any more."""
LOOK_SECONDS: Final = 0.5
AHEAD: Final = 4
"""So many results per part under way elsewhere are kept at most until the ones before them are there."""


def over_cluster(
    work: Callable[[Any, Progress], Any], parts: Sequence[Any], told: Callable[[int], Progress]
) -> Iterator[Any]:
    """See ``spread``. As many parts as there is room for go to the cluster, with the processors and GPUs that
    the settings name for each; this process does others meanwhile, so that nothing waits for room that
    never comes.
    """
    most = _room() if len(parts) > 1 else 0
    shared = ray.put(work) if most else None
    waiting: deque[_Begun] = deque()
    for number, part in enumerate(parts):
        if sum(each.ref is not None for each in waiting) < most:
            waiting.append(_Begun(number, ref=_task().remote(shared, part)))
        else:
            waiting.append(_Begun(number, result=work(part, told(number))))
        while waiting and (waiting[0].ready() or len(waiting) > AHEAD * most):
            yield _result(waiting.popleft(), work, parts, told)
    while waiting:
        yield _result(waiting.popleft(), work, parts, told)


@dataclass(frozen=True)
class _Begun:
    """A part that was done here or is under way elsewhere."""

    number: int
    result: Any = None
    ref: Any = None

    def ready(self, seconds: float = 0.0) -> bool:
        return self.ref is None or bool(ray.wait([self.ref], timeout=seconds)[0])


def _result(
    begun: _Begun,
    work: Callable[[Any, Progress], Any],
    parts: Sequence[Any],
    told: Callable[[int], Progress],
) -> Any:
    progress = told(begun.number)
    for _ in range(int(PATIENCE_SECONDS / LOOK_SECONDS)):
        progress.check_cancelled()
        if begun.ref is None:
            return begun.result
        if begun.ready(LOOK_SECONDS):
            progress.advance(1, 1)
            return ray.get(begun.ref)
    made = work(parts[begun.number], progress)
    ray.cancel(begun.ref)
    return made


def _room() -> int:
    """How many parts the cluster has room for now."""
    if not ray.is_initialized():
        ray.init(address="auto", logging_level=logging.WARNING)
    free, settings = ray.available_resources(), read_settings()  # type: ignore[no-untyped-call]
    rooms = [free.get("CPU", 0.0) // settings.ray_cpus]
    if settings.ray_gpus:
        rooms.append(free.get("GPU", 0.0) // settings.ray_gpus)
    return int(min(rooms))


def _task() -> Any:
    settings = read_settings()
    options = {"num_cpus": settings.ray_cpus, "num_gpus": settings.ray_gpus, "scheduling_strategy": "SPREAD"}
    return ray.remote(_do).options(**options)


def _do(work: Callable[[Any, Progress], Any], part: Any) -> Any:
    return work(part, Silent())
