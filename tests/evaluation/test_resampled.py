import numpy as np
import pandas as pd
import pytest
from scipy.stats import bootstrap

from recsys_core.evaluation.resampled import Resampled
from recsys_core.recommend.paired import intervals

VALUES = pd.DataFrame({"a": np.arange(50.0) % 7, "b": np.arange(50.0) % 7 + 1, "c": np.arange(50.0) % 3})


def found() -> Resampled:
    return Resampled.of(VALUES, np.random.default_rng(0))


def test_means_as_for_each_alone() -> None:
    assert [found().mean(column) for column in "abc"] == list(
        intervals(VALUES.to_numpy(), np.random.default_rng(0))
    )


def test_a_constant_difference_has_no_width() -> None:
    assert "b" in found()
    difference = found().difference("b", "a")
    assert (difference.mean, difference.low, difference.high) == pytest.approx((1, 1, 1))


def test_the_difference_is_that_of_scipy() -> None:
    gaps = (VALUES["a"] - VALUES["c"]).to_numpy()
    theirs = bootstrap(
        (gaps,), np.mean, method="percentile", rng=np.random.default_rng(1)
    ).confidence_interval
    ours = found().difference("a", "c")
    assert ours.mean == pytest.approx(gaps.mean())
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=0.08)


def test_a_ratio_to_itself_is_one() -> None:
    ratio = found().ratio("a", "a")
    assert (ratio.mean, ratio.low, ratio.high) == (1, 1, 1)
