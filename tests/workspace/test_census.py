import pandas as pd

from recsys_core.workspace.census import Census, count_all
from recsys_core.workspace.workspace import Workspace


def test_an_empty_workspace_holds_nothing(ws: Workspace) -> None:
    assert count_all(ws) == Census(0, 0, 0, {})


def test_events_are_those_of_the_newest_versions(
    ws: Workspace, log: pd.DataFrame, items: pd.DataFrame
) -> None:
    ws.save_dataset("shop", log, items, {})
    ws.save_dataset("shop", log.head(2), items, {})
    ws.save_dataset("films", log.head(1), items, {})
    ws.finish_run(ws.new_run("shop", 2, {}).id, {})
    ws.new_run("shop", 2, {})

    assert count_all(ws) == Census(2, 3, 3, {"finished": 1, "running": 1})
