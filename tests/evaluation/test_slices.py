import numpy as np
import pandas as pd
import pytest

from recsys_core.evaluation.slices import is_head, labels, largest_gaps, main_interest, slice_scores
from tests.recommend.shop import dataset


def test_the_head_holds_four_fifths_of_the_events() -> None:
    log = [(f"u{n}", "kitchen", "spoon", n) for n in range(7)]
    log += [("ann", "kitchen", "cup 1", 1), ("ann", "kitchen", "mug 1", 2), ("bob", "kitchen", "mug 1", 3)]
    shop = dataset(log)
    # 7 of 10 events on the spoon are fewer than 80 %; the mug brings it to 90 %.
    assert is_head(shop, shop.domain_index("kitchen")).tolist() == [False, False, True, False, True]


def test_groups_of_people() -> None:
    per_user = pd.DataFrame(
        {
            "user": range(6),
            "n_known": [1, 1, 2, 3, 5, 9],
            "truth_head": [1, 0, 0.5, 1, 1, 0],
            "truth_interest": [-1] * 6,
        }
    )
    found = labels(per_user)
    assert list(found) == ["activity", "truth"]
    assert found["activity"].tolist() == ["1", "1", "2 to 3", "2 to 3", "5 to 9", "5 to 9"]
    assert found["truth"].tolist()[:3] == ["only much taken", "only seldom taken", "both"]
    assert labels(per_user.assign(truth_interest=4))["interest"].tolist() == ["4"] * 6
    assert main_interest(np.array([3, 1, 3])) == 3


def _people(gap: float, seed: int = 0, sizes: tuple[int, ...] = (400, 400)) -> tuple[pd.DataFrame, pd.Series]:
    rng = np.random.default_rng(seed)
    groups = pd.Series(np.repeat([f"g{n}" for n in range(len(sizes))], sizes))
    values = pd.DataFrame({"m": rng.random(len(groups)) + gap * (groups == "g0")})
    return values, groups


def test_scores_by_group() -> None:
    values, groups = _people(0.5, sizes=(400, 400, 9, 1))
    found = slice_scores(values, ["m"], groups, "x")
    assert found[["slice", "group", "model", "n_users"]].to_numpy().tolist() == [
        ["x", "g0", "m", 400],
        ["x", "g1", "m", 400],
    ]
    half = 1.96 * np.sqrt(1 / 12 / 400)
    assert found["mean"].tolist() == pytest.approx(values["m"].groupby(groups).mean().tolist()[:2])
    assert (found["high"] - found["mean"]).tolist() == pytest.approx([half, half], rel=0.2)


def test_a_true_gap_is_above_chance_and_an_even_one_is_not() -> None:
    (found,) = largest_gaps(*_reordered(_people(0.5))).itertuples()
    assert (found.highest, found.lowest) == ("g0", "g1")
    assert found.low < 0.5 < found.high
    assert found.gap > found.by_chance
    above = sum(
        bool((row.gap > row.by_chance).item())
        for row in (largest_gaps(*_reordered(_people(0, seed))) for seed in range(40))
    )
    assert above <= 6  # 2 expected, more than 6 in less than 1 of 100


def test_small_groups_are_not_compared() -> None:
    assert largest_gaps(*_reordered(_people(0.5, sizes=(400, 49)))).empty


def _reordered(made: tuple[pd.DataFrame, pd.Series]) -> tuple[pd.DataFrame, list[str], pd.Series, str]:
    return made[0], ["m"], made[1], "x"
