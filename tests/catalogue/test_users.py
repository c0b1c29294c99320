import pandas as pd

from recsys_core.catalogue.dataset import Dataset
from recsys_core.catalogue.users import events_per_domain, overlap_table, overlap_users, user_temperature

EVENTS = [
    *[("ann", f"b{i}", "books") for i in range(5)],
    ("ann", "f1", "films"),
    ("bob", "f1", "films"),
    ("cay", "b1", "books"),
    ("cay", "g1", "games"),
]


def dataset() -> Dataset:
    log = pd.DataFrame(EVENTS, columns=["user_id", "item_id", "domain"]).assign(
        timestamp=pd.to_datetime(range(len(EVENTS)), unit="s", utc=True), weight=1.0
    )
    items = pd.DataFrame({"item_id": [], "domain": [], "title": [], "text": []}, dtype="str")
    return Dataset.from_frames("d", 1, log, items)


def test_events_per_domain() -> None:
    assert events_per_domain(dataset()).tolist() == [[5, 1, 0], [0, 1, 0], [1, 0, 1]]


def test_overlap_users_know_the_target_and_a_source() -> None:
    assert overlap_users(dataset(), target=0, sources=[1, 2]).tolist() == [0, 2]
    assert overlap_users(dataset(), target=1, sources=[2]).tolist() == []


def test_temperature_counts_events_in_the_domain() -> None:
    assert user_temperature(dataset(), 0).tolist() == ["hot", "cold", "warm"]


def test_overlap_table_has_each_pair_once() -> None:
    assert overlap_table(dataset()).to_dict("list") == {
        "domain_a": ["books", "books", "films"],
        "domain_b": ["films", "games", "games"],
        "n_users": [1, 1, 0],
    }
