import pandas as pd
import pytest

from recsys_core.catalogue.coverage import (
    domain_summary,
    events_by_month,
    events_per_user,
    shared_users,
    text_coverage,
)
from recsys_core.catalogue.dataset import Dataset


@pytest.fixture
def interactions() -> pd.DataFrame:
    rows = [
        ("ann", "f1", "food", "2024-01-31T23:30:00Z"),
        ("ann", "k1", "kitchen", "2024-02-01T00:30:00Z"),
        ("bob", "f1", "food", "2024-02-10T00:00:00Z"),
        ("bob", "f2", "food", "2024-02-11T00:00:00Z"),
    ]
    frame = pd.DataFrame(rows, columns=["user_id", "item_id", "domain", "timestamp"])
    return frame.assign(
        timestamp=pd.to_datetime(frame["timestamp"], utc=True),
        event="",
        weight=pd.Series([1.0] * 4, dtype="float32"),
    )


@pytest.fixture
def dataset(interactions: pd.DataFrame) -> Dataset:
    items = pd.DataFrame(
        {
            "item_id": ["f1", "f2", "k1"],
            "domain": ["food", "food", "kitchen"],
            "title": ["Tea", "Rice", "Pot"],
            "text": ["green tea", "", "a pot"],
        }
    )
    return Dataset.from_frames("shop", 1, interactions, items)


def test_events_by_month_counts_in_utc(interactions: pd.DataFrame, tmp_path) -> None:
    interactions.to_parquet(tmp_path / "interactions.parquet")

    table = events_by_month(tmp_path / "interactions.parquet")

    assert table.astype({"month": str}).to_numpy().tolist() == [
        ["2024-01-01", "food", 1, 1],
        ["2024-02-01", "food", 2, 1],
        ["2024-02-01", "kitchen", 1, 1],
    ]


def test_a_domain_is_summed_up(dataset: Dataset) -> None:
    assert domain_summary(dataset).to_dict("records") == [
        {"domain": "food", "n_users": 2, "elsewhere": 1, "n_items": 2, "n_events": 3, "per_user": 1.5},
        {"domain": "kitchen", "n_users": 1, "elsewhere": 1, "n_items": 1, "n_events": 1, "per_user": 1.0},
    ]


def test_shared_users_are_counted_once_a_pair(dataset: Dataset) -> None:
    assert shared_users(dataset).to_numpy().tolist() == [["food", "kitchen", 1]]


def test_events_per_user_are_counted_from_the_top(dataset: Dataset) -> None:
    table = events_per_user(dataset)

    assert table[table["events"] <= 3].to_numpy().tolist() == [
        ["", 1, 2, 1.0],
        ["", 2, 2, 1.0],
        ["", 3, 0, 0.0],
        ["food", 1, 2, 1.0],
        ["food", 2, 1, 0.5],
        ["food", 3, 0, 0.0],
        ["kitchen", 1, 1, 1.0],
        ["kitchen", 2, 0, 0.0],
        ["kitchen", 3, 0, 0.0],
    ]


def test_text_is_told_by_items_and_by_events(dataset: Dataset) -> None:
    assert text_coverage(dataset).to_numpy().tolist() == [
        ["food", 2, 1, 0.5, 2 / 3],
        ["kitchen", 1, 1, 1.0, 1.0],
    ]
