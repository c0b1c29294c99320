from pathlib import Path

import pandas as pd
import pytest

from recsys_core.workspace.workspace import Workspace


@pytest.fixture(autouse=True)
def either_database(database: str | None) -> None:
    """Every test of this folder runs with its catalogue in either database, see ``one_database``."""


@pytest.fixture
def ws(tmp_path: Path, database: str | None) -> Workspace:
    """A fresh workspace, with its catalogue in either database."""
    return Workspace.open(tmp_path / "ws", database)


@pytest.fixture
def log() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "user_id": ["ann", "bob", "ann"],
            "item_id": ["x", "x", "y"],
            "domain": ["tea", "tea", "tea"],
            "timestamp": pd.to_datetime(["2013-06-01", "2013-06-02", "2013-06-03"], utc=True),
        }
    )


@pytest.fixture
def items() -> pd.DataFrame:
    return pd.DataFrame({"item_id": ["x"], "domain": ["tea"], "title": ["Sencha"], "text": ["Sencha"]})
