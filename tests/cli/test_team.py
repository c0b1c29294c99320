import json


def test_a_team_is_begun_listed_changed_and_left(driftmap):
    assert driftmap("team", "add", "ada@example.org", "--role", "admin")[:2] == (
        0,
        "ada@example.org is admin of ws from now on.\n",
    )
    code, out, _ = driftmap("team", "add", "Ben@example.org", "--json")
    assert code == 0
    made = json.loads(out)
    assert (made["person"], made["role"]) == ("ben@example.org", "viewer")
    assert (
        json.loads(driftmap("team", "role", "ben@example.org", "analyst", "--json")[1])["role"] == "analyst"
    )
    assert [line.split()[:2] for line in driftmap("team", "ls")[1].splitlines()[-2:]] == [
        ["ada@example.org", "admin"],
        ["ben@example.org", "analyst"],
    ]
    assert driftmap("team", "remove", "ben@example.org")[0] == 0
    listed = json.loads(driftmap("team", "ls", "--json")[1])["members"]
    assert [(one["person"], one["role"]) for one in listed] == [("ada@example.org", "admin")]
    assert set(listed[0]) == {"person", "role", "since", "by"}


def test_without_a_team_the_list_says_who_decides(driftmap, tmp_path):
    (tmp_path / "ws").mkdir()
    assert "has no team of its own" in driftmap("team", "ls")[1]


def test_what_cannot_be_done_is_told(driftmap):
    assert driftmap("team", "ls")[0] == 2
    driftmap("team", "add", "ada@example.org", "--role", "admin")
    code, out, _ = driftmap("team", "remove", "ada@example.org", "--json")
    assert code == 2
    assert "is the last admin" in json.loads(out)["error"]
    assert driftmap("team", "role", "eve@example.org", "viewer")[0] == 2
    assert driftmap("team", "add", "eve@example.org", "--role", "king")[0] == 2
