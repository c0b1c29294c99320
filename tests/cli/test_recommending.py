import json

import pandas as pd
import pytest

from recsys_core.cli.recommending import _write


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ([], "Nobody was named to recommend for."),
        (["--user", "a", "--text", "b"], "--user and --text were named to recommend for."),
        (["--users", "none.txt"], "none.txt cannot be read as text."),
        (["--users", "empty.txt"], "empty.txt names nobody."),
        (["--user", "a", "--out", "f.xlsx"], "--out f.xlsx is neither Parquet nor CSV."),
    ],
)
def test_whom_to_recommend_for_must_be_said_once(driftmap, tmp_path, arguments, error):
    (tmp_path / "empty.txt").write_text("\n \n")
    code, out, _ = driftmap("recommend", "--dataset", "d", "--domain", "x", *arguments, "--json")
    assert (code, json.loads(out)["error"]) == (2, error)


def test_a_table_is_written_whole_as_parquet_or_as_csv_that_no_spreadsheet_runs(tmp_path):
    lists = pd.DataFrame({"user_id": ["=1+1", "u2"], "rank": [1, 1], "score": [0.5, -0.5]})
    for name in ("lists.csv", "lists.parquet"):
        _write(lists, tmp_path / name)
    assert (tmp_path / "lists.csv").read_text("utf-8-sig") == "user_id,rank,score\n'=1+1,1,0.5\nu2,1,-0.5\n"
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "lists.parquet"), lists)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lists.csv", "lists.parquet"]
