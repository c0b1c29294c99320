import numpy as np
import pandas as pd
import pytest

from pages.ui.journey_next import mean_next


def test_the_mean_forecast_counts_every_person_who_has_one_once() -> None:
    rows = [(0, 1, 0.7), (0, 0, 0.3), (1, 0, 0.9), (1, 1, 0.1), (2, 2, 1.0)]
    mean, n = mean_next(pd.DataFrame(rows, columns=["user", "interest", "share"]), np.array([0, 1, 7]))
    assert n == 2
    assert mean["interest"].tolist() == [0, 1]
    assert mean["share"].tolist() == pytest.approx([0.6, 0.4])
