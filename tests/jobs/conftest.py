import os
import sys
from pathlib import Path

import pytest

from recsys_core.workspace.workspace import Workspace

KINDS_FOLDER = str(Path(__file__).parent / "counting")


@pytest.fixture
def ws(tmp_path: Path, database: str | None, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A fresh workspace in which jobs of the kind "count" can run in real child processes."""
    monkeypatch.setenv("DRIFTMAP_DEVICE", "cpu")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([KINDS_FOLDER, os.environ.get("PYTHONPATH", "")]))
    monkeypatch.syspath_prepend(KINDS_FOLDER)
    sys.modules.pop("sitecustomize", None)
    import sitecustomize  # noqa: F401 - registers the kind in this process too

    return Workspace.open(tmp_path / "ws", database)
