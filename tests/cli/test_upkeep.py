import json
from pathlib import Path
from typing import Any

import pytest

from recsys_core.cli.program import run
from recsys_core.parts import Parts
from recsys_core.workspace.workspace import Workspace


@pytest.fixture
def root(tmp_path: Path) -> Path:
    ws = Workspace.open(tmp_path / "ws")
    ws.save_result("map", "shop", 1, None, Parts({"n": 1}))
    (ws.root / "pseudonym.key").write_bytes(b"k" * 32)
    return ws.root


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    return dict(json.loads(capsys.readouterr().out))


def test_a_backup_is_restored(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(tmp_path / "a.tar.zst")
    assert run(["backup", file, "--workspace", str(root)]) == 0
    assert "pseudonym.key is not in it" in capsys.readouterr().out
    assert run(["restore", file, "--workspace", str(tmp_path / "new"), "--json"]) == 0
    document = told(capsys)
    assert (document["workspace"], document["files"]) == (str(tmp_path / "new"), 2)
    assert run(["restore", file, "--workspace", str(tmp_path / "new"), "--json"]) == 2
    assert "not an empty folder" in told(capsys)["error"]


def test_doctor_tells_then_repairs(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doctor", "--workspace", str(root), "--json"]) == 1  # the map is of no dataset
    document = told(capsys)
    assert [(fault["kind"], fault["repairable"]) for fault in document["faults"]] == [("orphan", True)]
    assert document["repaired"] == []
    assert run(["doctor", "--repair", "--workspace", str(root)]) == 0
    out = capsys.readouterr().out
    assert "done  results/map-" in out
    assert f"What was taken away lies in {root / 'lost+found'}" in out
    assert "ok    workspace: files, catalogue and jobs fit together" in out
