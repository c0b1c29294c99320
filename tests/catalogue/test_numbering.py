"""Numbering on disk gives what numbering in memory gives."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recsys_core.catalogue import numbering
from recsys_core.catalogue.dataset import Dataset
from recsys_core.catalogue.numbering import number_events, open_numbered

ITEMS = pd.DataFrame(
    {
        "item_id": ["b", "a", "unused"],
        "domain": ["films", "books", "books"],
        "title": ["Bee", "Ay", "Never"],
        "text": ["Bee", "Ay", "Never"],
        "category": ["x", None, "z"],
    }
)


def odd_log(n: int) -> pd.DataFrame:
    """Ids that sort oddly, equal seconds, parts of seconds, times before 1970, items that only it knows."""
    rng = np.random.default_rng(0)
    times = rng.integers(-3_000_000, 3_000_000, n) * 700_001  # microseconds
    return pd.DataFrame(
        {
            "user_id": rng.choice(["10", "9", "Z", "a", "é", "鈴木", "😀"], n),
            "item_id": rng.choice(["a", "b", "new", "007"], n),
            "domain": rng.choice(["books", "films"], n),
            "timestamp": pd.to_datetime(times, unit="us", utc=True).as_unit("us"),
            "event": "view",
            "weight": rng.random(n).astype(np.float32),
        }
    )


@pytest.mark.parametrize("n", [1, 1000])
def test_the_same_as_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n: int) -> None:
    monkeypatch.setattr(numbering, "_BATCH_ROWS", 300)  # more than one batch
    log = odd_log(n)
    log.to_parquet(tmp_path / "log.parquet")
    number_events(tmp_path / "log.parquet", ITEMS, tmp_path)
    found, wanted = open_numbered("d", 3, tmp_path), Dataset.from_frames("d", 3, log, ITEMS)
    for name in ("user", "item", "time", "weight", "item_domain"):
        ours, theirs = getattr(found, name), getattr(wanted, name)
        assert ours.dtype == theirs.dtype, name
        np.testing.assert_array_equal(ours, theirs, name)
    pd.testing.assert_frame_equal(found.items, wanted.items)
    assert found.user_ids.tolist() == wanted.user_ids.tolist()
    assert (found.domains, found.name, found.version) == (wanted.domains, "d", 3)


def test_columns_stay_on_disk_and_nobody_can_write_to_them(tmp_path: Path) -> None:
    odd_log(10).to_parquet(tmp_path / "log.parquet")
    number_events(tmp_path / "log.parquet", ITEMS, tmp_path)
    found = open_numbered("d", 1, tmp_path)
    assert all(isinstance(getattr(found, name), np.memmap) for name in numbering.EVENTS)
    with pytest.raises(ValueError, match="read-only"):
        found.time[0] = 0


def test_an_event_without_a_user_is_told(tmp_path: Path) -> None:
    odd_log(10).assign(user_id=[None, *"abcdefghi"]).to_parquet(tmp_path / "log.parquet")
    with pytest.raises(ValueError, match="1 of 10 events have no user or no item"):
        number_events(tmp_path / "log.parquet", ITEMS, tmp_path)
