from pathlib import Path

import pandas as pd
import pytest

from recsys_core.parts import Parts
from recsys_core.workspace.workspace import Workspace


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    """A dataset of two versions, a finished run and a result."""
    made = Workspace.open(tmp_path / "ws")
    days = pd.to_datetime(["2013-06-01", "2013-06-02", "2013-06-03"], utc=True)
    log = pd.DataFrame(
        {"user_id": ["ann", "bob", "ann"], "item_id": ["x", "x", "y"], "domain": "tea", "timestamp": days}
    )
    items = pd.DataFrame({"item_id": ["x"], "domain": ["tea"], "title": ["Sencha"], "text": ["Sencha"]})
    made.save_dataset("shop", log.head(2), items, {})
    made.save_dataset("shop", log, items, {})
    run = made.new_run("shop", 2, {})
    (run.folder / "model").write_text("weights")
    made.finish_run(run.id, {"seconds": 1.0})
    made.save_result("interests", "shop", 2, run.id, Parts({"n": 1}))
    return made
