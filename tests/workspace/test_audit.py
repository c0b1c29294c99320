from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from recsys_core.access import Actor, Role
from recsys_core.workspace.audit import Outcome, entries, newest, target_of, write
from recsys_core.workspace.database import writing
from recsys_core.workspace.workspace import Workspace

ADA, BEN = Actor("ada@example.org", Role.ADMIN), Actor("ben@example.org", Role.VIEWER)


def test_nothing_is_in_it_before_anything_was_done(ws: Workspace) -> None:
    assert entries(ws.engine) == []
    assert newest(ws.engine, ["rename a model"], "run-1") is None


def test_the_newest_comes_first_and_filters_narrow_it(ws: Workspace) -> None:
    before = datetime.now(UTC)
    write(ws.engine, ADA, "rename a model", "run-1", "best", Outcome.DONE)
    write(ws.engine, BEN, "delete a dataset", "shop_100%", "", Outcome.REFUSED)
    after = datetime.now(UTC) + timedelta(microseconds=1)

    told = [(e.who, e.role, e.what, e.target, e.detail, e.outcome) for e in entries(ws.engine)]

    assert told == [
        ("ben@example.org", "viewer", "delete a dataset", "shop_100%", "", "refused"),
        ("ada@example.org", "admin", "rename a model", "run-1", "best", "done"),
    ]
    assert [e.who for e in entries(ws.engine, who="ADA@")] == ["ada@example.org"]
    assert [e.who for e in entries(ws.engine, what="RENAME")] == ["ada@example.org"]
    assert [e.who for e in entries(ws.engine, what="_100%")] == ["ben@example.org"]
    assert entries(ws.engine, what="_00%") == []
    assert len(entries(ws.engine, since=before, until=after)) == 2
    assert entries(ws.engine, since=after) == []
    assert entries(ws.engine, until=before) == []
    assert len(entries(ws.engine, limit=1)) == 1


def test_who_did_something_last_counts_only_what_was_done(ws: Workspace) -> None:
    write(ws.engine, ADA, "rename a model", "run-1", "best", Outcome.DONE)
    write(ws.engine, BEN, "rename a model", "run-1", "mine", Outcome.REFUSED)
    write(ws.engine, BEN, "rename a model", "run-10", "mine", Outcome.DONE)

    found = newest(ws.engine, ["rename a model"], "run-1")

    assert found is not None
    assert (found.who, found.detail) == ("ada@example.org", "best")


@pytest.mark.parametrize("change", ["UPDATE audit SET who = 'eve'", "DELETE FROM audit"])
def test_the_database_itself_refuses_to_change_it(change: str, ws: Workspace) -> None:
    write(ws.engine, ADA, "delete a model", "run-1", "", Outcome.DONE)

    with pytest.raises(DBAPIError, match="only ever added to"), writing(ws.engine) as session:
        session.execute(text(change))

    assert [e.who for e in entries(ws.engine)] == ["ada@example.org"]


@pytest.mark.one_database  # opens no catalogue
def test_a_target_is_what_is_known_of_it() -> None:
    assert target_of("shop", 2, None, 5) == "shop, 2, 5"
