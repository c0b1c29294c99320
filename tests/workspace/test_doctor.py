import json

from recsys_core.workspace.doctor import examine
from recsys_core.workspace.workspace import Workspace


def test_fine_tuned_encoders_are_listed(ws: Workspace) -> None:
    tuned = ws.root / "runs" / "run-1" / "encoder"
    tuned.mkdir(parents=True)
    (tuned / "modules.json").write_text(json.dumps([]))
    (check,) = [check for check in examine(ws) if check.name == "encoder"]
    assert check.ok
    assert check.detail.startswith("all-MiniLM-L6-v2, 384 dimensions, weights verified; also here: ")
    assert str(tuned) in check.detail
