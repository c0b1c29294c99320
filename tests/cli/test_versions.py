import json

import pandas as pd
import pytest

from recsys_core.workspace.workspace import Workspace


@pytest.fixture
def shop(ws: Workspace) -> Workspace:
    """Version 1 with two events, version 2 with one of them and no longer the other."""
    log = pd.DataFrame(
        {
            "user_id": ["ann", "bob"],
            "item_id": ["x", "x"],
            "domain": ["tea", "tea"],
            "timestamp": pd.to_datetime(["2013-06-01", "2013-06-02"], utc=True),
        }
    )
    items = pd.DataFrame({"item_id": ["x"], "domain": ["tea"], "title": ["Sencha"], "text": ["Sencha"]})
    source = {"file": "tea.csv", "sha256": "0123456789abcdef"}
    ws.save_dataset("shop", log, items, {"pseudonymised": False, "sources": [source]})
    ws.save_dataset("shop", log.head(1), items, {"pseudonymised": True})
    return ws


@pytest.mark.usefixtures("shop")
def test_the_versions_are_listed(driftmap):
    code, out, _ = driftmap("versions", "--dataset", "shop")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == ["version", "1", "2"]
    told = json.loads(driftmap("versions", "--dataset", "shop", "--json")[1])
    assert [(one["version"], one["n_events"], one["domains"]) for one in told["versions"]] == [
        (1, 2, ["tea"]),
        (2, 1, ["tea"]),
    ]


@pytest.mark.usefixtures("shop")
def test_two_versions_are_compared(driftmap):
    code, out, _ = driftmap("versions", "--dataset", "shop", "--compare", "1", "2")
    assert code == 0
    assert out.splitlines() == [
        "Version 2 has 1 fewer event and 1 fewer user than version 1.",
        "domain  events  added  removed  users  added  removed  items  added  removed",
        "tea     1       0      1        1      0      1        1      0      0",
        "all     1       0      1        1      0      1        1      0      0",
        "What differs in the imports that made them:",
        "  Log tea.csv: sha256 0123456789ab → not there",
        "  Pseudonymised: no → yes",
    ]
    told = json.loads(driftmap("versions", "--dataset", "shop", "--compare", "1", "2", "--json")[1])
    assert told["total"]["events"] == {"a": 2, "b": 1, "added": 0, "removed": 1}
    assert told["making"][0] == {"what": "Log tea.csv", "a": "sha256 0123456789abcdef", "b": ""}


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--dataset", "stop"], "no dataset 'stop'"),
        (["--dataset", "shop", "--compare", "1", "9"], "no version 9"),
        (["--dataset", "shop", "--compare", "1"], "--compare"),
    ],
)
def test_bad_input_is_a_sentence_and_exits_2(driftmap, arguments, word):
    code, out, _ = driftmap("versions", *arguments, "--json")
    assert code == 2
    assert word in json.loads(out)["error"]
