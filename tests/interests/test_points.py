from pathlib import Path

import numpy as np
import pytest

from recsys_core.interests.points import MapPoints, Points, map_points
from recsys_core.workspace.files import read_parts, write_parts
from recsys_core.workspace.purging import holds_people
from tests.interests.test_drawing import _items, _map, _users

ANGLES = np.radians([0, 10, 30, 90])
POINTS = Points(np.array([2, 5, 7, 9]), np.stack([np.cos(ANGLES), np.sin(ANGLES)], axis=1).astype(np.float16))


def test_the_nearest_come_first_and_some_can_be_left_out() -> None:
    point = POINTS.of(5)
    assert point is not None
    rows, cosine = POINTS.nearest(point, 3)
    assert rows.tolist() == [5, 2, 7]
    assert cosine.tolist() == pytest.approx(np.cos(np.radians([0, 10, 20])), abs=2e-3)
    assert POINTS.nearest(point, 9, without=np.array([5, 7]))[0].tolist() == [2, 9]


def test_who_is_not_there_has_no_point() -> None:
    assert (POINTS.of(3), POINTS.of(99)) == (None, None)


def test_the_full_space_holds_every_title_and_everybodys_last_window(tmp_path: Path) -> None:
    drawn = _map()
    points = map_points(_items(), _users(), drawn)
    write_parts(tmp_path, points.parts())
    again = MapPoints.from_parts(read_parts(tmp_path))
    assert again.items.rows.tolist() == list(range(90))  # the last item has no vector
    assert again.users.rows.tolist() == list(range(6))
    user = again.users.of(1)
    assert user is not None
    likes = int(_users().interest[0][3])  # what user 1 turned to in the last window
    near, _ = again.items.nearest(user, 10)
    assert set(near // 30) == {likes}
    assert holds_people(tmp_path)
