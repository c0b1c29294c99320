"""A batch cut into smaller ones whose losses add up to its own."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from recsys_core.training.examples import Batch


def batch_parts(batch: Batch, n: int) -> Iterator[tuple[Batch, float]]:
    """At most ``n`` parts by users, each with its share of the questions, in (0, 1].

    The loss of a batch is the mean over its questions, so it is the sum of the parts' losses times
    their shares. Parts that ask nothing are left out.
    """
    if n == 1:
        yield batch, 1.0
        return
    for rows in np.array_split(np.arange(len(batch.items)), min(n, len(batch.items))):
        asked = (batch.row >= rows[0]) & (batch.row <= rows[-1])
        if asked.any():
            yield _of_rows(batch, rows, asked), float(asked.mean())


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
    )
