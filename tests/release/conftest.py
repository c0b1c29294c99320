import numpy as np
import pytest

from recsys_core.logs.windows import WindowSize, windows_between
from recsys_core.migration.flows import centroid_distances
from recsys_core.migration.layout import lay_out
from recsys_core.release.sums import bounded, sum_up
from tests.migration.conftest import worlds

__all__ = ["worlds"]

MONTHS = windows_between(1_356_998_400, 1_388_534_399, WindowSize.MONTH)  # 2013


@pytest.fixture
def summed(worlds):
    """A dataset of 2013 in, the sums of at most so many months of each person out."""

    def sums(dataset, most, chance):
        found = worlds.interests(dataset)
        layout = bounded(lay_out(dataset, MONTHS), most, np.asarray(chance, np.float64))
        return sum_up(layout, found.item_interest[0], centroid_distances(found.centroids), len(MONTHS))

    return sums
