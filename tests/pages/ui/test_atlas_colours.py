import numpy as np
import pandas as pd
import pytest

from pages.ui.atlas_colours import ColourBy, attribute_choices, people_coloured, titles_coloured
from recsys_core.catalogue.dataset import Dataset
from tests.pages.found import migration


@pytest.fixture
def dataset() -> Dataset:
    """Three users, two domains; the item k1 was never taken."""
    log = pd.DataFrame(
        [
            ("u0", "f1", "food", "1970-01-02"),
            ("u0", "f1", "food", "1970-01-04"),
            ("u1", "k0", "kitchen", "1970-01-11"),
            ("u2", "f1", "food", "1970-01-06"),
        ],
        columns=["user_id", "item_id", "domain", "timestamp"],
    )
    log["timestamp"], log["weight"] = pd.to_datetime(log["timestamp"], utc=True), 1.0
    rows = [("f1", "food", "Tea", "9"), ("k0", "kitchen", "Pot", "11"), ("k1", "kitchen", "Pan", "")]
    items = pd.DataFrame(rows, columns=["item_id", "domain", "title", "time"]).assign(text="")
    return Dataset.from_frames("shop", 1, log, items)


def test_titles_by_time_and_activity(dataset: Dataset) -> None:
    rows = np.array([0, 1, 2])
    assert titles_coloured(dataset, rows, "time").told == (
        "Mean time of its events: 04 January 1970",
        "Mean time of its events: 11 January 1970",
        "Mean time of its events: unknown",
    )
    assert titles_coloured(dataset, rows, "activity").told == ("Events: 3", "Events: 1", "Events: unknown")
    assert titles_coloured(dataset, rows[::-1], "domain").values.tolist() == [1, 1, 0]


def test_an_attribute_that_is_called_like_another_colour_is_told_apart(dataset: Dataset) -> None:
    assert list(attribute_choices(dataset.items)) == ["time (attribute)"]
    told = titles_coloured(dataset, np.array([0, 2]), "time (attribute)").told
    assert told == ("Time: 9", "Time: unknown")


def test_people_by_last_activity_events_domain_and_drift(dataset: Dataset) -> None:
    rows, n = np.array([0, 1, 2]), np.array([2, 1, 1])
    told = [people_coloured(dataset, rows, n, by, migration()).told[0] for by in ("time", "activity")]
    assert told == ["Last activity: 04 January 1970", "Events: 2"]
    assert people_coloured(dataset, rows, n, "domain", None).values.tolist() == [0, 1, 0]
    drift = people_coloured(dataset, rows, n, ColourBy.DRIFT, migration())
    assert drift.told == tuple(f"Strength of change: {x}" for x in ("0.7", "0.2", "unknown"))


def test_without_migration_drift_is_grey_for_all(dataset: Dataset) -> None:
    drift = people_coloured(dataset, np.array([0, 1]), np.array([2, 1]), ColourBy.DRIFT, None)
    assert drift.bar is not None
    assert set(drift.values) == {drift.bar.bottom}
