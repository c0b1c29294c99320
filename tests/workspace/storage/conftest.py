import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from recsys_core.parts import Parts
from recsys_core.workspace.storage.opening import open_remote
from recsys_core.workspace.storage.remote import Remote
from recsys_core.workspace.workspace import Workspace

Machine = Callable[[str], Workspace]


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store that is a folder; settings name it."""
    monkeypatch.setenv("DRIFTMAP_STORAGE_URL", f"file://{tmp_path / 'store'}")
    return tmp_path / "store"


@pytest.fixture
def machine(tmp_path: Path, database: str | None) -> Machine:
    """Opens the workspace on a machine of a name. All have the one catalogue where it is on a server; where
    not, all but ``a`` begin with a copy of it alone.
    """

    def opened(name: str) -> Workspace:
        root = tmp_path / name
        if database is None and name != "a" and not root.exists():
            root.mkdir()
            shutil.copy(tmp_path / "a" / "catalog.db", root / "catalog.db")
        return Workspace.open(root)

    return opened


def fill(ws: Workspace, log: pd.DataFrame, items: pd.DataFrame) -> str:
    """Two versions of a dataset, a run and a result with a row per person on the second; the run's id."""
    ws.save_dataset("shop", log.head(2), items, {})
    ws.save_dataset("shop", log, items, {})
    run = ws.new_run("shop", 2, {})
    (run.folder / "model").write_text("weights")
    (run.folder / "validation.parquet").write_bytes(b"what each of them got")
    (run.folder / "2_Normalize").mkdir()
    (run.folder / "checkpoint.safetensors").write_text("of no use any more")
    ws.finish_run(run.id, {})
    ws.save_result("map", "shop", 2, run.id, Parts({"n": 1}, {"users": pd.DataFrame({"user": [0]})}))
    return run.id


def remote_of(ws: Workspace) -> Remote:
    found = open_remote(ws.root, ws.engine)
    assert found is not None
    return found


def kept_in(ws: Workspace) -> list[str]:
    """What is published, without random parts of names."""
    return sorted(name.rpartition("/")[0] for name in remote_of(ws).names())
