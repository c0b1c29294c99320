from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from recsys_core.catalogue.attributes import Holds
from recsys_core.catalogue.dataset import Dataset
from recsys_core.catalogue.people import People, grouping_attributes
from recsys_core.errors import NotFoundError

N = 60


def test_what_can_group_people() -> None:
    people = pd.DataFrame(
        {
            "user_id": [f"u{n}" for n in range(N)],
            "gender": ["F", "M"] * (N // 2),
            "age": [str(20 + n % 30) for n in range(N)],
            "children": [str(n % 4) for n in range(N)],
            "born": [str(1960 + n % 30) for n in range(N)],
            "joined": [f"2020-{1 + n % 12:02}-{1 + n % 28:02}" for n in range(N)],
            "title": ["Dr", "", ""] * (N // 3),
            "name": [f"Ann {n}" for n in range(N)],
            "zip": [f"0{1000 + n}" for n in range(N)],
            "nothing": "",
        }
    )
    assert grouping_attributes(people) == {
        "gender": Holds.KINDS,
        "age": Holds.NUMBERS,
        "children": Holds.KINDS,
        "born": Holds.DATES,
        "joined": Holds.DATES,
        "title": Holds.KINDS,
    }


def test_what_no_ten_people_share_groups_nobody() -> None:
    people = pd.DataFrame({"user_id": range(18), "team": ["a"] * 9 + ["b"] * 9})
    assert grouping_attributes(people) == {}
    assert grouping_attributes(people.assign(team=["a"] * 10 + ["b"] * 8)) == {"team": Holds.KINDS}


def test_the_table_is_read_when_it_is_asked_for_and_once(tmp_path: Path) -> None:
    people = People(tmp_path / "people.parquet")  # there is no such file yet
    told = pd.DataFrame({"user_id": ["ann"], "gender": ["F"]})
    told.to_parquet(people.file)
    log = {"user_id": ["ann"], "item_id": ["x"], "domain": ["tea"], "weight": [1.0]}
    times = pd.to_datetime(["2013-06-01"], utc=True)
    items = pd.DataFrame({"item_id": ["x"], "domain": ["tea"], "title": ["A"], "text": [""]})
    frame = pd.DataFrame(log).assign(timestamp=times)
    data = Dataset.from_frames("shop", 1, frame, items, people)
    assert data.people is not None
    assert data.people.table.to_numpy().tolist() == [["ann", "F"]]
    people.file.unlink()
    part = replace(data, version=2)
    assert part.people is not None
    assert len(part.people.table) == 1
    assert Dataset.from_frames("shop", 1, frame, items).people is None


def test_a_version_that_was_removed_meanwhile(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="Do it again on the newest version"):
        _ = People(tmp_path / "people.parquet").table
