from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from recsys_core.access import Role
from recsys_core.errors import InputError
from recsys_core.jobs.ledger import Ledger
from recsys_core.parts import Parts
from recsys_core.upkeep.backup import back_up
from recsys_core.upkeep.copying import COPIED
from recsys_core.upkeep.inspection import inspect
from recsys_core.upkeep.restore import restore
from recsys_core.workspace.database import reading
from recsys_core.workspace.feedback import keep_feedback
from recsys_core.workspace.members import add_member
from recsys_core.workspace.releases import charge
from recsys_core.workspace.tables import Base
from recsys_core.workspace.tokens import new_token
from recsys_core.workspace.workspace import Workspace
from tests.postgres import Postgres

URL = "DRIFTMAP_DATABASE_URL"


@pytest.fixture
def server(postgres: Postgres) -> Iterator[str]:
    with postgres.database() as url:
        yield url


def fill(ws: Workspace) -> None:
    """At least a row in every table."""
    ledger = Ledger(ws)
    for title in ("one", "two"):
        job = ledger.submit("demo", {"dataset": "shop", "text": f"{title}\0ü"}, title)
        ledger.request_cancel(job.id)
    keep_feedback(ws, "shop", "p", "tea", "x", likes=True)
    new_token(ws, "notebook", Role.VIEWER)
    add_member(ws, "ann@example.org", Role.ADMIN)
    charge(ws, ws.dataset("shop"), None, "shares", 500)


def rows(ws: Workspace) -> dict[str, list[tuple[object, ...]]]:
    with reading(ws.engine) as session:
        return {table.name: [tuple(r) for r in session.execute(select(table))] for table in COPIED}


def test_everything_but_marks_is_copied() -> None:
    assert {table.name for table in COPIED} == set(Base.metadata.tables) - {"counters", "folders"}


@pytest.mark.parametrize("there", ["sqlite", "postgresql"])
def test_a_catalogue_moves_to_the_other_database(
    ws: Workspace, server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: str
) -> None:
    fill(ws)
    restored = tmp_path / "restored"
    file = back_up(ws, tmp_path / "a.tar").file
    monkeypatch.setenv(URL, server)
    restore(file, restored)
    assert not (restored / "catalog.db").exists()
    if there == "sqlite":
        file = back_up(Workspace.open(restored), tmp_path / "b.tar").file
        monkeypatch.delenv(URL)
        restored = tmp_path / "back"
        restore(file, restored)

    again = Workspace.open(restored)
    assert again.engine.dialect.name == there
    before, after = rows(ws), rows(again)
    moved = before.pop("audit")
    assert after.pop("audit")[: len(moved)] == moved
    assert all(before.values())
    assert after == before
    assert again.load_result("interests", "shop", 2) == Parts({"n": 1}, {}, {})
    assert inspect(again) == ()


def test_numbers_go_on_where_they_were(
    ws: Workspace, server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(ws)
    last = Ledger(ws).jobs()[0].id
    file = back_up(ws, tmp_path / "a.tar").file
    monkeypatch.setenv(URL, server)
    restore(file, tmp_path / "restored")
    again = Workspace.open(tmp_path / "restored")
    assert Ledger(again).submit("demo", {}, "next").id == last + 1
    assert again.new_run("shop", 2, {}).id == "run-2"


def test_a_database_in_use_is_refused(
    ws: Workspace, server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = back_up(ws, tmp_path / "a.tar").file
    monkeypatch.setenv(URL, server)
    Workspace.open(tmp_path / "other")
    with pytest.raises(InputError, match="has a catalogue already, and nothing is written over one"):
        restore(file, tmp_path / "restored")
    assert not (tmp_path / "restored").exists()
    assert not [path.name for path in tmp_path.iterdir() if path.name.startswith(".writing")]
