import numpy as np
import pytest

from recsys_core.recommend.profile import Profile
from recsys_core.recommend.traits import PARTS, PERIODS, Traits
from tests.recommend.shop import DAY, Taught, row, training

KNOWN = training(model=Taught(np.linspace(0, 1, 27, dtype=np.float32).reshape(9, 3)))
TRAITS = Traits(KNOWN, np.eye(9, 3, dtype=np.float32))
TEA, CUP = (row(KNOWN.dataset, title) for title in ("tea 1", "cup 1"))


def test_events_are_told_by_the_period_of_the_log() -> None:
    first, last = int(KNOWN.dataset.time.min()), int(KNOWN.dataset.time.max())
    found = TRAITS.times([Profile.from_picks([TEA], first), Profile.from_picks([TEA], last + DAY)])
    assert found[:, [0, PERIODS - 1]].tolist() == [[1, 0], [0, 1]]


@pytest.mark.parametrize(
    ("n_items", "marks"), [(1, {0: 1.0}), (2, {1: 1.0}), (3, {1: 0.58, 2: 0.81}), (0, {})]
)
def test_amount_is_told_by_the_two_nearest_marks(n_items: int, marks: dict[int, float]) -> None:
    (found,) = TRAITS.amount([Profile.from_picks(list(range(n_items)))])
    assert {at: round(float(found[at]), 2) for at in np.flatnonzero(found)} == pytest.approx(marks, abs=0.01)


def test_tastes_are_the_direction_of_the_factors() -> None:
    found = TRAITS.tastes([Profile.from_picks([0, 1]), Profile.from_picks([8]), Profile.nothing()])
    np.testing.assert_allclose(found, [[0.5**0.5, 0.5**0.5, 0], [0, 0, 0], [0, 0, 0]], atol=1e-6)


@pytest.mark.parametrize(
    "profile",
    [
        Profile.from_picks([TEA, CUP, TEA], 5 * DAY),
        Profile.from_picks([TEA, CUP], 5 * DAY).weighed(np.array([0.5, 2.0])),
        Profile.from_text("tea", KNOWN.text_vectors[TEA]),
        Profile.nothing(),
    ],
    ids=["repeated", "weighed", "typed", "nothing"],
)
def test_causes_sum_to_the_whole(profile: Profile) -> None:
    whole, causes = TRAITS.parts([profile]), TRAITS.by_cause(profile, profile.distinct()[0])
    for part in PARTS:
        np.testing.assert_allclose(causes[part].sum(0), whole[part][0], atol=1e-6)
