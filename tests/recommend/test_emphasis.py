from collections.abc import Sequence

import numpy as np

from recsys_core.catalogue.history import History
from recsys_core.recommend.emphasis import by_layers
from recsys_core.recommend.profile import Profile


def _length(histories: Sequence[History]) -> np.ndarray:  # type: ignore[type-arg]
    return np.array([[len(history)] for history in histories], np.float32)


def test_events_count_by_their_emphasis() -> None:
    whole = Profile.from_picks([1, 2, 3])
    halved = whole.weighed(np.array([2, 1, 0], np.float32))
    assert by_layers([whole, halved, Profile.nothing()], _length).tolist() == [[3], [1.5], [0]]


def test_all_alike_is_as_if_nothing_was_weighed() -> None:
    doubled = Profile.from_picks([1, 2]).weighed(np.array([2, 2], np.float32))
    assert by_layers([doubled], _length).tolist() == [[2]]


def test_what_counts_nothing_leaves_the_history() -> None:
    left = Profile.from_picks([1, 2, 1]).weighed(np.array([0.5, 0, 2], np.float32))
    items, counts = left.distinct()
    assert (items.tolist(), counts.tolist()) == ([1], [2])
    assert left.without_item(1).is_empty
