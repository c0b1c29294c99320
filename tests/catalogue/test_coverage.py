import pandas as pd
import pytest

from recsys_core.catalogue.coverage import (
    Evidence,
    directions,
    domain_summary,
    events_by_month,
    events_per_user,
    evidence,
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
        {"domain": "food", "n_users": 2, "n_items": 2, "n_events": 3, "per_user": 1.5, "with_text": 0.5},
        {"domain": "kitchen", "n_users": 1, "n_items": 1, "n_events": 1, "per_user": 1.0, "with_text": 1.0},
    ]


def test_directions_count_shared_users(dataset: Dataset) -> None:
    assert directions(dataset).to_numpy().tolist() == [
        ["food", "kitchen", 1, "too few"],
        ["kitchen", "food", 1, "too few"],
    ]


def test_events_per_user(dataset: Dataset) -> None:
    assert events_per_user(dataset).tolist() == [2, 2]


@pytest.mark.parametrize(
    ("n_users", "expected"),
    [(49, Evidence.TOO_FEW), (50, Evidence.SOME), (199, Evidence.SOME), (200, Evidence.ENOUGH)],
)
def test_evidence(n_users: int, expected: Evidence) -> None:
    assert evidence(n_users) is expected
