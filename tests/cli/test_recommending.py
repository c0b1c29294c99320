import json

import pytest


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ([], "Nobody was named to recommend for."),
        (["--user", "a", "--text", "b"], "--user and --text were named to recommend for."),
        (["--users", "none.txt"], "none.txt cannot be read as text."),
        (["--users", "empty.txt"], "empty.txt names nobody."),
        (["--user", "a", "--out", "f.xlsx"], "--out f.xlsx is neither Parquet nor CSV."),
        (["--user", "a", "--background"], "--background needs --users and --out."),
    ],
)
def test_whom_to_recommend_for_must_be_said_once(driftmap, tmp_path, arguments, error):
    (tmp_path / "empty.txt").write_text("\n \n")
    code, out, _ = driftmap("recommend", "--dataset", "d", "--domain", "x", *arguments, "--json")
    assert (code, json.loads(out)["error"]) == (2, error)
