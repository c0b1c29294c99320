import json

from recsys_core.workspace.doctor import NEEDED, examine
from recsys_core.workspace.workspace import Workspace


def test_fine_tuned_encoders_are_listed(ws: Workspace) -> None:
    tuned = ws.root / "runs" / "run-1" / "encoder"
    tuned.mkdir(parents=True)
    (tuned / "modules.json").write_text(json.dumps([]))
    (check,) = [check for check in examine(ws) if check.name == "encoder"]
    assert check.ok
    assert check.detail.startswith("all-MiniLM-L6-v2, 384 dimensions, weights verified; also here: ")
    assert str(tuned) in check.detail


def test_what_the_server_needs_is_looked_at_without_loading_a_model(ws: Workspace) -> None:
    assert {check.name: check.ok for check in examine(ws, NEEDED)} == dict.fromkeys(NEEDED, True)


def test_a_database_that_does_not_answer_is_told(ws: Workspace) -> None:
    for file in ws.root.glob("catalog.db*"):
        file.write_bytes(b"no database")
    (check,) = examine(ws, ("database",))
    assert not check.ok
    assert "file is not a database" in check.detail
    assert check.remedy == "See that the catalogue's database answers."
