import numpy as np
import pandas as pd
import pytest

from recsys_core.errors import NotFoundError
from recsys_core.recommend.batch import COLUMNS, NOT_IN_THE_LOG, batch, batch_of_users
from recsys_core.recommend.blend import Blend
from recsys_core.recommend.cold_start import ColdStart
from recsys_core.recommend.item_knn import ItemKnn
from recsys_core.recommend.popularity import RecentPopularity
from recsys_core.recommend.profile import Profile
from recsys_core.spread import spreading
from tests.elsewhere import elsewhere
from tests.recommend.shop import row, training

KNOWN = training()
BLEND = Blend((RecentPopularity(), ItemKnn()), (0.3, 0.7)).fit(KNOWN, np.random.default_rng(0))
READY = ColdStart(KNOWN, BLEND, None)  # type: ignore[arg-type]  # nobody types here


def test_with_and_without_reasons_the_lists_are_the_same() -> None:
    users = ["u03", "u00"]
    why, quick = (batch_of_users(READY, users, 2, explain) for explain in (True, False))
    assert list(why.columns) == list(quick.columns) == list(COLUMNS)
    assert why["user_id"].tolist() == ["u03", "u03", "u00", "u00"]
    columns = ["user_id", "rank", "item_id"]
    assert why[columns].to_numpy().tolist() == quick[columns].to_numpy().tolist()
    assert quick["score"].tolist() == pytest.approx(why["score"].tolist())
    assert quick["reasons"].tolist() == [""] * 4
    assert "coffee 1" in why["reasons"][0]


def test_who_is_not_in_the_log_gets_what_is_popular_and_is_told() -> None:
    found = batch_of_users(READY, ["ghost", "u00"], 2)
    nobody = batch(READY, [("ghost", Profile.nothing())], 2)
    assert found["item_id"][:2].tolist() == nobody["item_id"].tolist()
    assert found["reasons"][:2].tolist() == [NOT_IN_THE_LOG] * 2
    assert NOT_IN_THE_LOG not in found["reasons"][2:].tolist()


def test_nobody_known_is_refused() -> None:
    with pytest.raises(NotFoundError, match="None of the 2 users, 'x' and so on, is in 'shop'"):
        batch_of_users(READY, ["x", "y"])


def test_who_has_taken_everything_has_no_row() -> None:
    all_of_it = Profile.from_picks(KNOWN.items.tolist())
    tea = Profile.from_picks([row(KNOWN.dataset, "tea 1")])
    for explain in (True, False):
        found = batch(READY, [("full", all_of_it), ("tea", tea)], 99, explain)
        assert found["user_id"].tolist() == ["tea"] * 5
        assert batch(READY, [], 3, explain).columns.tolist() == list(COLUMNS)


def test_lists_made_elsewhere_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recsys_core.recommend.batch.PEOPLE", 2)
    users = ["u03", "ghost", "u00", "u05", "u01", "u02"]
    here = batch_of_users(READY, users, 2)
    seen: list[object] = []
    with spreading(elsewhere(seen)):
        there = batch_of_users(READY, users, 2)
    pd.testing.assert_frame_equal(there, here)
    assert [len(part) for part in seen] == [2, 2, 1]  # type: ignore[arg-type]
