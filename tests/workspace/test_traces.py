from pathlib import Path

import pandas as pd
import pytest

from recsys_core.workspace.feedback import keep_feedback
from recsys_core.workspace.forgetting import forget
from recsys_core.workspace.workspace import Workspace
from tests.postgres import Postgres


@pytest.mark.one_database  # about the file of SQLite
def test_a_copy_from_before_an_upgrade_goes_with_the_person(
    tmp_path: Path, log: pd.DataFrame, items: pd.DataFrame
) -> None:
    ws = Workspace.open(tmp_path)
    ws.save_dataset("shop", log, items, {})
    (ws.root / "catalog-before-0003.db").write_bytes(b"ann")
    forget(ws, "shop", "ann")
    assert sorted(path.name for path in ws.root.glob("*.db")) == ["catalog.db"]


def test_deleted_rows_leave_no_bytes_in_the_tables_of_a_server(
    postgres: Postgres, tmp_path: Path, log: pd.DataFrame, items: pd.DataFrame
) -> None:
    with postgres.database() as url:
        ws = Workspace.open(tmp_path, url)
        ws.save_dataset("shop", log, items, {"note": "a-mark-to-look-for"})
        keep_feedback(ws, "shop", "ann", "tea", "another-mark", likes=True)
        postgres.execute("CHECKPOINT")
        assert postgres.tables_with("a-mark-to-look-for") != []
        assert postgres.tables_with("another-mark") != []
        for person in ("ann", "bob"):
            forget(ws, "shop", person)
        postgres.execute("CHECKPOINT")
        assert postgres.tables_with("a-mark-to-look-for") == []
        assert postgres.tables_with("another-mark") == []
