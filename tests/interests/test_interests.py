import numpy as np
import pandas as pd
import pytest

from recsys_core.errors import NotFoundError
from recsys_core.interests.interests import Interests


def _interests() -> Interests:
    table = pd.DataFrame(
        {
            "interest": [0, 1, 2, 3, 4, 5, 6],
            "level": [0, 0, 0, 1, 1, 1, 1],
            "parent": [-1, -1, -1, 0, 0, 1, 2],
            "name": ["Drinks", "Pans", "Unclear", "Coffee", "Tea", "Woks", "Unclear"],
            "terms": ["drinks", "pans", "", "coffee", "tea", "woks", ""],
            "n_items": [3, 1, 1, 2, 1, 1, 1],
            "n_events": [5, 2, 0, 3, 2, 2, 0],
        }
    )
    item_interest = np.array([[0, 0, 0, 1, 2], [3, 3, 4, 5, 6]])
    return Interests((2, 3), table, item_interest, np.eye(7, 4, dtype=np.float32))


def test_a_level_has_its_interests_with_unclear_last() -> None:
    assert _interests().at_level(1)["name"].tolist() == ["Coffee", "Tea", "Woks", "Unclear"]
    assert _interests().unclear(0) == 2
    assert _interests().unclear(1) == 6
    assert _interests().name(4) == "Tea"


def test_without_items_lacking_a_vector_nothing_is_unclear() -> None:
    full = _interests()
    table = full.table.drop(index=[2, 6]).assign(interest=range(5)).reset_index(drop=True)
    assert Interests((2, 3), table, full.item_interest[:, :4], full.centroids[:5]).unclear(1) is None


def test_a_level_that_is_not_there_is_named() -> None:
    with pytest.raises(NotFoundError, match=r"no level 2 .* There are 2, from 0"):
        _interests().at_level(2)


def test_what_is_saved_comes_back() -> None:
    before = _interests()
    after = Interests.from_parts(before.parts())
    assert after.levels == (2, 3)
    pd.testing.assert_frame_equal(after.table, before.table)
    assert np.array_equal(after.item_interest, before.item_interest)
    assert np.array_equal(after.centroids, before.centroids)


def test_renaming_leaves_the_original_alone() -> None:
    before = _interests()
    assert before.renamed(list("abcdefg")).name(3) == "d"
    assert before.name(3) == "Coffee"
