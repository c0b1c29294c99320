from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from recsys_core.errors import CancelledError
from recsys_core.progress import Progress, Silent
from recsys_core.spread import spread, spreading


def double(number: int, progress: Progress) -> int:
    progress.check_cancelled()
    return 2 * number


class Stops(Silent):
    def check_cancelled(self) -> None:
        raise CancelledError("Stop.")


def test_parts_are_done_one_by_one_in_order_and_only_when_they_are_wanted() -> None:
    made = spread(double, [1, 2, 3], lambda number: Stops() if number == 2 else Silent())
    assert [next(made), next(made)] == [2, 4]
    with pytest.raises(CancelledError):
        next(made)


def test_another_way_holds_inside_its_block_only() -> None:
    def backwards(
        work: Callable[[Any, Progress], Any], parts: Sequence[Any], told: Callable[[int], Progress]
    ) -> Iterator[Any]:
        return iter([work(part, told(0)) for part in reversed(parts)])

    with spreading(backwards):
        assert list(spread(double, [1, 2], lambda _: Silent())) == [4, 2]
    assert list(spread(double, [1, 2], lambda _: Silent())) == [2, 4]
