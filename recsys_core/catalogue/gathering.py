"""Columns whose rows come part by part, as long as they may get."""

import os
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

Column = NDArray[Any]


def gathered(parts: Iterable[Sequence[Column]], folder: Path | None = None) -> tuple[Column, ...]:
    """The columns of which each of ``parts``, at least one, holds the next rows of all: arrays that agree in
    kind and in what follows their first axis.

    With a ``folder`` they lie on disk, in files without a name that go with the arrays, whatever the process
    comes to; where nothing may be written there, in the system's folder for such files. Without one they are
    held in memory. Raises OSError where the disk is full.
    """
    return _held(parts) if folder is None else _mapped(parts, folder if os.access(folder, os.W_OK) else None)


def _held(parts: Iterable[Sequence[Column]]) -> tuple[Column, ...]:
    columns = [list(column) for column in zip(*parts, strict=True)]
    return tuple(map(_at_once, columns))


def _at_once(parts: list[Column]) -> Column:
    """The ``parts`` one after another, which are taken out of their list as they are copied: all of them are
    there twice at no time.
    """
    if len(parts) == 1:
        return parts.pop()
    whole = np.empty((sum(map(len, parts)), *parts[0].shape[1:]), parts[0].dtype)
    end = len(whole)
    while parts:
        part = parts.pop()
        whole[end - len(part) : end] = part
        end -= len(part)
    return whole


def _mapped(parts: Iterable[Sequence[Column]], folder: Path | None) -> tuple[Column, ...]:
    rest = iter(parts)
    first = next(rest)
    with ExitStack() as opened:
        files = [opened.enter_context(TemporaryFile(dir=folder)) for _ in first]
        for part in chain([first], rest):
            for file, rows in zip(files, part, strict=True):
                file.write(np.ascontiguousarray(rows).data)
        return tuple(_map(file, like) for file, like in zip(files, first, strict=True))


def _map(file: IO[bytes], like: Column) -> Column:
    if not file.tell():
        return like[:0]
    file.flush()
    return np.memmap(file, like.dtype, "r").reshape(-1, *like.shape[1:])
