"""A batch cut into smaller ones whose losses add up to its own."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from recsys_core.training.chance import Cut
from recsys_core.training.examples import Batch


def batch_parts(batch: Batch, n: int) -> Iterator[tuple[Batch, float]]:
    """At most ``n`` parts by users, each with its share of the questions, in (0, 1].

    The loss of a batch is the mean over its questions, so it is the sum of the parts' losses times
    their shares. Parts that ask nothing are left out.
    """
    for number in range(min(n, len(batch.items))):
        part = nth_part(batch, n, number)
        if part:
            yield part


def nth_part(batch: Batch, n: int, number: int) -> tuple[Batch, float] | None:
    """Of ``n`` parts the ``number``-th, from 0, and its share; None where it asks nothing."""
    if n == 1:
        return batch, 1.0
    rows = np.array_split(np.arange(len(batch.items)), n)[number]
    asked = np.isin(batch.row, rows)
    return (_of_rows(batch, rows, asked), float(asked.mean())) if asked.any() else None


def _of_rows(batch: Batch, rows: NDArray[np.int64], asked: NDArray[np.bool_]) -> Batch:
    number = np.cumsum(asked) - 1
    mine = asked[batch.other_row]
    return Batch(
        batch.items[rows],
        batch.gaps[rows],
        batch.row[asked] - rows[0],
        batch.position[asked],
        batch.item[asked],
        number[batch.other_row[mine]],
        batch.other_item[mine],
        Cut(batch.cut.first + int(rows[0]), batch.cut.whole or len(batch.items)),
    )
