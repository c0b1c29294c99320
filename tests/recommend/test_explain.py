import numpy as np

from recsys_core.recommend.explain import newest_items, split_score
from recsys_core.recommend.profile import Profile


def _split(full: float, nothing: float, *without: float) -> list[float]:
    columns = [np.array(score, np.float32) for score in ([full], [nothing], [[one] for one in without])]
    return [round(share, 6) for share in split_score(*columns)[:, 0].tolist()]


def test_a_sum_is_split_exactly() -> None:
    # 1 for anyone, 2 for the first item, 5 for the second.
    assert _split(8, 1, 6, 3) == [0.125, 0.25, 0.625]


def test_causes_that_overlap_share_what_is_known_by_their_falls() -> None:
    assert _split(10, 2, 9, 7) == [0.2, 0.2, 0.6]


def test_what_speaks_against_is_no_reason() -> None:
    assert _split(2, 1, 0, 3) == [0.5, 0.5, 0]


def test_less_than_popular_is_popularity() -> None:
    assert _split(1, 4, 0.5) == [1, 0]


def test_nothing_good_has_no_reason() -> None:
    assert _split(-1, -2, -3) == [0, 0]


def test_newest_first_each_once() -> None:
    assert newest_items(Profile.from_picks([4, 7, 4, 9]), most=2) == [9, 4]
