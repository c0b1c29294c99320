import numpy as np
import pytest

from recsys_core.logs.windows import WindowSize, windows_between
from recsys_core.migration.layout import lay_out


@pytest.fixture
def layout(worlds):
    rows = [
        ("ann", "2013-01-05", 0, 0),
        ("ann", "2013-01-09", 1, 0),
        ("ann", "2013-02-01", 0, 1),
        ("bob", "2013-01-01", 0, 0),
        ("bob", "2013-03-01", 0, 0),
        ("cid", "2013-03-02", 0, 0),
    ]
    dataset = worlds.dataset(rows)
    windows = windows_between(int(dataset.time.min()), int(dataset.time.max()), WindowSize.MONTH)
    return lay_out(dataset, windows)


def test_events_share_a_slot_per_user_and_window(layout):
    assert layout.slot.tolist() == [0, 0, 1, 2, 3, 4]
    assert layout.slot_user.tolist() == [0, 0, 1, 1, 2]
    assert layout.slot_window.tolist() == [0, 1, 0, 2, 2]


@pytest.mark.parametrize(
    ("compared", "before", "after"),
    [([1, 2, -1], [0], [1]), ([2, -1, -1], [2], [3]), ([-1, -1, -1], [], []), ([1, 0, -1], [0, 1], [1, 0])],
)
def test_pairs_are_of_one_user_in_the_windows_compared(layout, compared, before, after):
    found = layout.pairs(np.array(compared))
    assert (found[0].tolist(), found[1].tolist()) == (before, after)


def test_selected_users_are_numbered_anew(layout):
    chosen = layout.select_users(np.array([False, True, True]))
    assert (chosen.slot.tolist(), chosen.slot_user.tolist()) == ([0, 1, 2], [1, 1, 2])


@pytest.mark.parametrize(("events", "sizes"), [(1, [3, 2, 1]), (3, [3, 3]), (4, [5, 1]), (100, [6])])
def test_chunks_never_part_a_user(layout, events, sizes):
    chunks = layout.chunks(events)
    assert [len(chunk.user) for chunk in chunks] == sizes
    assert [int(chunk.slot[0]) for chunk in chunks] == [0] * len(sizes)
    assert sum(chunk.n_slots for chunk in chunks) == layout.n_slots
