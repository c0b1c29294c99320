"""Locks that one process holds, whichever machine it is on: a file's and, with PostgreSQL, the server's too.

Machines that share a workspace folder share its locks; those that share a database and an object store have a
folder each.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from filelock import FileLock
from sqlalchemy import Engine

from recsys_core.workspace.database import alone


@contextmanager
def held(engine: Engine, file: Path, seconds: float, *, nested: bool = False) -> Iterator[None]:
    """Nobody else holds the lock named like ``file`` inside the block; waits up to ``seconds`` for it.

    ``nested``: may be taken again by the thread that has it. Raises filelock.Timeout, OutageError.
    """
    with FileLock(file, timeout=seconds, is_singleton=nested) as lock:
        outermost = lock.lock_counter == 1
        with alone(engine, file.name, seconds) if outermost else nullcontext():
            yield
