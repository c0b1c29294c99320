from pathlib import Path

import pandas as pd
import pytest

from recsys_core.workspace.list_files import read_ids, write_lists

pytestmark = pytest.mark.one_database  # opens no catalogue


def test_ids_are_read_once_each_in_order(tmp_path: Path) -> None:
    (tmp_path / "ids.txt").write_text("u2\n\n 007 \nu2\n", encoding="utf-8-sig")
    assert read_ids(tmp_path / "ids.txt") == ["u2", "007"]


def test_a_table_is_written_whole_as_parquet_or_as_csv_that_no_spreadsheet_runs(tmp_path: Path) -> None:
    lists = pd.DataFrame({"user_id": ["=1+1", "u2"], "rank": [1, 1], "score": [0.5, -0.5]})
    for name in ("lists.csv", "lists.parquet"):
        write_lists(lists, tmp_path / name)
    assert (tmp_path / "lists.csv").read_text("utf-8-sig") == "user_id,rank,score\n'=1+1,1,0.5\nu2,1,-0.5\n"
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "lists.parquet"), lists)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lists.csv", "lists.parquet"]
