import json

from recsys_core.workspace.tokens import find_token
from recsys_core.workspace.workspace import Workspace


def test_a_token_is_made_listed_and_revoked(driftmap, tmp_path, monkeypatch):
    monkeypatch.setenv("DRIFTMAP_SIGN_IN", "oidc")
    code, out, _ = driftmap("token", "new", "--name", "report", "--role", "analyst", "--json")
    made = json.loads(out)
    assert (code, made["id"], made["role"], made["revoked"]) == (0, 1, "analyst", None)
    ws = Workspace.open(tmp_path / "ws")
    assert find_token(ws, made["token"]).name == "report"

    assert json.loads(driftmap("token", "revoke", "1", "--json")[1])["revoked"]
    assert find_token(ws, made["token"]) is None
    [listed] = json.loads(driftmap("token", "ls", "--json")[1])["tokens"]
    assert listed["revoked"]
    assert "token" not in listed


def test_a_token_is_told_once_and_people_are_told_so(driftmap):
    told, sentence = driftmap("token", "new", "--name", "report")[1].splitlines()
    assert told.startswith("driftmap_1_")
    assert sentence == "Token 1 of report (viewer). It is not shown again: keep it safe."
    assert told not in driftmap("token", "ls")[1]


def test_without_tokens_the_list_says_so(driftmap, tmp_path):
    Workspace.open(tmp_path / "ws")
    assert driftmap("token", "ls")[1] == "There are no tokens yet.\n"
