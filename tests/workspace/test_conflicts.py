from datetime import UTC, datetime

import pandas as pd
import pytest

from recsys_core.access import Actor, Role, acting_as
from recsys_core.errors import ConflictError
from recsys_core.workspace.records import RunInfo
from recsys_core.workspace.workspace import Workspace

ADA, BEN = (Actor(f"{name}@example.org", Role.ANALYST) for name in ("ada", "ben"))


@pytest.fixture
def runs(ws: Workspace, log: pd.DataFrame, items: pd.DataFrame) -> list[RunInfo]:
    """Two finished runs, oldest first."""
    ws.save_dataset("shop", log, items, {})
    return [ws.finish_run(ws.new_run("shop", 1, {}).id, {}) for _ in range(2)]


def test_a_name_that_somebody_else_changed_meanwhile_is_not_overwritten(
    ws: Workspace, runs: list[RunInfo]
) -> None:
    run = runs[0]
    with acting_as(ADA):
        ws.rename_run(run.id, "best so far", seen=run.name)
    today = datetime.now(UTC).strftime("%Y-%m-%d")
    said = f"It is called 'best so far' now, changed by ada@example.org on {today} at .* UTC, after you had"

    with acting_as(BEN), pytest.raises(ConflictError, match=said):
        ws.rename_run(run.id, "mine", seen=run.name)
    assert ws.run(run.id).name == "best so far"

    with acting_as(BEN):
        ws.rename_run(run.id, "mine", seen="best so far")
    assert ws.run(run.id).name == "mine"
    assert ws.rename_run(run.id, "whatever it was").name == "whatever it was"


def test_a_model_that_somebody_else_put_in_use_meanwhile_stays(ws: Workspace, runs: list[RunInfo]) -> None:
    first, second = runs
    third = ws.finish_run(ws.new_run("shop", 1, {}).id, {})
    with acting_as(ADA):
        ws.choose_run(first.id, seen=third.id)

    with (
        acting_as(BEN),
        pytest.raises(ConflictError, match=r"The model 'run 1' is in use now, changed by ada@example\.org"),
    ):
        ws.choose_run(second.id, seen=third.id)

    assert ws.run(first.id).in_use
    with acting_as(BEN):
        assert ws.choose_run(second.id, seen=first.id).in_use


def test_that_nothing_is_in_use_any_more_is_told_too(ws: Workspace, runs: list[RunInfo]) -> None:
    first, second = runs
    ws.delete_run(second.id)
    with pytest.raises(ConflictError, match="The model 'run 1' is in use now, after you had looked"):
        ws.choose_run(first.id, seen=second.id)
