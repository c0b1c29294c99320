import pandas as pd
import pytest

from recsys_core.workspace.forgetting import forget
from recsys_core.workspace.judged import judged_alike, paired_differences, save_scores
from recsys_core.workspace.records import RunInfo
from recsys_core.workspace.workspace import Workspace


@pytest.fixture
def shop(ws: Workspace, log: pd.DataFrame, items: pd.DataFrame) -> Workspace:
    ws.save_dataset("shop", log, items, {})
    return ws


def judged(ws: Workspace, split: str, *scores: float) -> RunInfo:
    run = ws.finish_run(ws.new_run("shop", 1, {"split_hash": split}).id, {})
    save_scores(run.folder, pd.DataFrame({"ndcg@10": scores}))
    return run


def test_the_same_users_are_compared_in_pairs(shop: Workspace) -> None:
    one, other = judged(shop, "abc", 0.5, 0.3, 0.9), judged(shop, "abc", 0.25, 0.05, 0.65)

    found = paired_differences(one, other)["ndcg@10"]

    # Users differ a lot, but every one of them gained the same.
    assert (found.mean, found.low, found.high) == pytest.approx((0.25, 0.25, 0.25))


def test_other_users_are_not_compared_in_pairs(shop: Workspace) -> None:
    one, other = judged(shop, "abc", 0.5, 0.3), judged(shop, "def", 0.5, 0.3)

    assert not judged_alike(one, other)
    assert paired_differences(one, other) == {}


def test_runs_without_a_split_or_without_scores_are_not_compared_in_pairs(shop: Workspace) -> None:
    old = shop.finish_run(shop.new_run("shop", 1, {}).id, {})
    bare = shop.finish_run(shop.new_run("shop", 1, {"split_hash": "abc"}).id, {})

    assert not judged_alike(old, old)
    assert paired_differences(judged(shop, "abc", 0.5), bare) == {}


def test_what_each_user_got_goes_when_a_person_is_removed(shop: Workspace) -> None:
    run = judged(shop, "abc", 0.5, 0.3)

    forget(shop, "shop", "bob")

    assert shop.run(run.id).stale
    assert list(run.folder.iterdir()) == []
