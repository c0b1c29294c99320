import numpy as np

from recsys_core.interests.reference import MapReference
from recsys_core.interests.space import MapSpace

POINTS = np.array([[1, 0], [0, 1], [-1, 0]], np.float32)
POSITIONS = np.array([[10, 0], [0, 10], [-10, 0]], np.float32)
ZERO = np.zeros(2, np.float32)
REFERENCE = MapReference(MapSpace(ZERO, ZERO, np.eye(2, dtype=np.float32)), POINTS, POSITIONS)


def test_a_point_of_the_reference_keeps_its_position() -> None:
    assert REFERENCE.place(POINTS).tolist() == POSITIONS.tolist()


def test_a_point_between_two_lies_between_them() -> None:
    halfway = np.array([[np.sqrt(0.5), np.sqrt(0.5)]], np.float32)
    x, y = REFERENCE.place(halfway)[0]
    assert abs(x - y) < 1
    assert x > 4


def test_a_point_lands_on_the_same_spot_alone_or_in_company() -> None:
    points = np.array([[0.6, 0.8], [0.8, 0.6], [-0.6, 0.8]], np.float32)
    together = REFERENCE.place(points)
    alone = np.concatenate([REFERENCE.place(points[i : i + 1]) for i in range(3)])
    np.testing.assert_allclose(together, alone, atol=1e-4)
