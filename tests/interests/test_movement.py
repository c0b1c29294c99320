import numpy as np
import pandas as pd
import pytest

from recsys_core.interests.movement import EVERYBODY, mean_movement, people_paths
from recsys_core.interests.projection import InterestMap
from recsys_core.interests.reference import MapReference
from recsys_core.interests.space import MapSpace

WINDOWS = ("2024-Q1", "2024-Q2", "2024-Q3")


@pytest.fixture
def atlas() -> InterestMap:
    """Users 0-11 go from (0, 0) over (1, 1) to (2, 0); 12-16 stay at (5, 5); 17 comes in the second window,
    misses none; 18 is only there in the first and the third.
    """
    rows = [(user, w, float(w), float(w == 1), 0) for user in range(12) for w in range(3)]
    rows += [(user, w, 5.0, 5.0, 1) for user in range(12, 17) for w in range(3)]
    rows += [(17, 1, 7.0, 7.0, 1), (17, 2, 8.0, 7.0, 0), (18, 0, 3.0, 3.0, 1), (18, 2, 4.0, 3.0, 1)]
    users = pd.DataFrame(rows, columns=["user", "window", "x", "y", "interest"]).assign(n_events=1)
    users["window"] = [WINDOWS[w] for w in users["window"]]
    axes = np.eye(2, dtype=np.float32)
    reference = MapReference(MapSpace(axes[0], axes[0], axes), axes, axes)
    held = users["interest"].to_numpy()[None]
    return InterestMap(pd.DataFrame({"item": [], "x": [], "y": []}), users, held, reference, 1, 1, 1, 0, 0)


def test_a_path_is_where_a_person_was_last_seen(atlas: InterestMap) -> None:
    paths = people_paths(atlas, 0, np.array([18, 17, 99]))

    assert paths.windows == WINDOWS
    assert paths.users.tolist() == [17, 18]
    assert paths.xy[:, 1].tolist() == [[3, 3], [3, 3], [4, 3]]
    assert np.isnan(paths.xy[0, 0]).all()
    assert paths.interest.tolist() == [[-1, 1], [1, 1], [0, 1]]
    assert paths.active.tolist() == [[False, True], [True, False], [True, True]]


def test_a_group_moves_from_its_mean_start_to_its_mean_end(atlas: InterestMap) -> None:
    moved = mean_movement(atlas, 0)
    assert moved.to_numpy().tolist() == [[0, 12, 0, 0, 2, 0]]  # the seven of interest 1 are too few
    assert mean_movement(atlas, 0, "2024-Q2").to_numpy().tolist() == [[0, 12, 0, 0, 1, 1]]
    assert mean_movement(atlas, 0, "2024-Q1").empty


def test_a_cohort_moves_as_one_and_only_where_it_has_ten(atlas: InterestMap) -> None:
    moved = mean_movement(atlas, 0, "2024-Q3", among=np.arange(5, 17))
    assert moved.to_numpy().tolist() == [[EVERYBODY, 12, (7 + 25) / 12, (7 + 25) / 12, 39 / 12, 25 / 12]]
    assert mean_movement(atlas, 0, among=np.arange(3, 12)).empty
