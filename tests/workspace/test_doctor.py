import json
from pathlib import Path

import pytest

from recsys_core.workspace.doctor import NEEDED, examine
from recsys_core.workspace.runs import RunStore
from recsys_core.workspace.workspace import Workspace
from tests.postgres import PASSWORD


def test_fine_tuned_encoders_are_listed(ws: Workspace) -> None:
    tuned = RunStore(ws.root, ws.engine).new("shop", 1, {}).folder / "encoder"
    tuned.mkdir(parents=True)
    (tuned / "modules.json").write_text(json.dumps([]))
    (check,) = examine(ws.root, ["encoder"])
    assert check.ok
    assert check.detail.startswith("all-MiniLM-L6-v2, 384 dimensions, weights verified; also here: ")
    assert str(tuned) in check.detail


def test_the_database_is_named_and_answers(ws: Workspace, database: str | None) -> None:
    (check,) = examine(ws.root, ["database"])
    assert check.ok
    assert check.detail.startswith("PostgreSQL " if database else "SQLite 3.")
    where = str(ws.engine.url.database) + (" at 127.0.0.1:" if database else "")
    assert where in check.detail
    assert check.detail.endswith("answers and knows 0 datasets")
    assert PASSWORD not in check.detail


@pytest.mark.one_database  # names a server that does not answer
def test_a_database_that_does_not_answer_is_told_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRIFTMAP_DATABASE_URL", "postgresql://ann:secret@127.0.0.1:1/shop")
    (check,) = examine(tmp_path, ["database"])
    assert (check.ok, check.remedy[:32]) == (False, "See that the server runs and let")
    assert check.detail.startswith("The database shop at 127.0.0.1:1 did not answer: connection failed")
    assert "secret" not in check.detail


def test_what_the_server_needs_is_looked_at_without_loading_a_model(ws: Workspace) -> None:
    assert {check.name: check.ok for check in examine(ws.root, NEEDED)} == dict.fromkeys(NEEDED, True)


@pytest.mark.one_database  # about the file of SQLite
def test_a_file_that_is_no_database_is_told(ws: Workspace) -> None:
    for file in ws.root.glob("catalog.db*"):
        file.write_bytes(b"no database")
    (check,) = examine(ws.root, ["database"])
    assert not check.ok
    assert "file is not a database" in check.detail
