"""A database that an earlier test had is as good as new, or it is not used again."""

from pathlib import Path

import pandas as pd
import psycopg

from recsys_core.access import Role
from recsys_core.workspace.members import add_member, team
from recsys_core.workspace.tokens import new_token, tokens
from recsys_core.workspace.workspace import Workspace
from tests.postgres import RESTING, Postgres

ENOUGH = RESTING + 2


def test_nothing_is_left_of_what_was_written(postgres: Postgres, tmp_path: Path) -> None:
    log = pd.DataFrame({"user_id": ["ann"], "item_id": ["x"], "domain": ["tea"]})
    log["timestamp"] = pd.to_datetime(["2013-06-01"], utc=True)
    items = pd.DataFrame({"item_id": ["x"], "domain": ["tea"], "title": ["Sencha"], "text": ["Sencha"]})
    names = []
    for number in range(ENOUGH):
        with postgres.database() as url:
            names.append(url)
            ws = Workspace.open(tmp_path / str(number), url)
            assert (ws.datasets(), team(ws), tokens(ws)) == ([], [], [])
            ws.save_dataset("shop", log, items, {})
            assert ws.new_run("shop", 1, {}).id == "run-1"
            add_member(ws, "ann@example.org", Role.ADMIN)
            assert new_token(ws, "report", Role.VIEWER)[0].id == 1
    assert len(set(names)) < len(names)


def test_one_whose_tables_were_changed_is_not_used_again(postgres: Postgres) -> None:
    with postgres.database() as changed, psycopg.connect(changed) as connection:
        connection.execute("ALTER TABLE results DROP COLUMN stale")
    for _ in range(ENOUGH):
        with postgres.database() as url:
            assert url != changed
