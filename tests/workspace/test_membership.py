from pathlib import Path

import pytest

from recsys_core.access import HOUSE, OWNER, Actor, Role, acting_as, person
from recsys_core.errors import AccessError
from recsys_core.workspace.members import add_member, change_member, remove_member
from recsys_core.workspace.membership import only_in, standing
from recsys_core.workspace.workspace import Workspace

ADA, BEN = "ada@example.org", "ben@example.org"


@pytest.fixture(autouse=True)
def house(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRIFTMAP_ADMINS", "root@example.org")
    monkeypatch.setenv("DRIFTMAP_ANALYSTS", BEN)
    monkeypatch.setenv("DRIFTMAP_VIEWERS", "*@example.org")


def role(ws: Workspace, email: str) -> Role:
    return standing(ws.engine, person(email)).role


def test_without_a_team_the_settings_say_who_may_what(ws: Workspace) -> None:
    roles = [role(ws, email) for email in ("root@example.org", BEN, ADA, "eve@mallory.net", "")]
    assert roles == [Role.ADMIN, Role.ANALYST, Role.VIEWER, Role.NOBODY, Role.NOBODY]


def test_a_team_takes_the_place_of_the_settings_but_for_admins_of_the_house(ws: Workspace) -> None:
    add_member(ws, ADA, Role.ADMIN)
    roles = [role(ws, email) for email in ("root@example.org", BEN, "ADA@Example.org ")]
    assert roles == [Role.ADMIN, Role.NOBODY, Role.ADMIN]


def test_who_is_named_goes_before_their_domain(ws: Workspace) -> None:
    add_member(ws, ADA, Role.ADMIN)
    add_member(ws, "*@example.org", Role.ANALYST)
    add_member(ws, BEN, Role.VIEWER)
    emails = (BEN, "cleo@example.org", "cleo@sub.example.org", "cleo@x@example.org", "*@example.org")
    assert [role(ws, email) for email in emails] == [
        Role.VIEWER,
        Role.ANALYST,
        Role.NOBODY,
        Role.NOBODY,
        Role.ANALYST,
    ]


def test_a_role_that_is_changed_or_taken_away_counts_at_once(ws: Workspace) -> None:
    add_member(ws, ADA, Role.ADMIN)
    add_member(ws, BEN, Role.VIEWER)
    with acting_as(person(BEN)):
        assert ws.datasets() == []
    change_member(ws, BEN, Role.ANALYST)
    assert role(ws, BEN) is Role.ANALYST
    remove_member(ws, BEN)
    with acting_as(person(BEN)), pytest.raises(AccessError, match=r"takes the role viewer \(yours: nobody\)"):
        ws.datasets()


def test_an_address_that_is_not_verified_is_nobody_whoever_is_in_the_team(ws: Workspace) -> None:
    add_member(ws, ADA, Role.ADMIN)
    assert standing(ws.engine, Actor(ADA, Role.NOBODY)).role is Role.NOBODY


def test_no_team_has_a_say_in_what_the_owner_and_driftmap_itself_may(ws: Workspace) -> None:
    add_member(ws, ADA, Role.ADMIN)
    assert standing(ws.engine, OWNER) == OWNER
    assert standing(ws.engine, HOUSE) == HOUSE


@pytest.mark.one_database  # takes two workspaces, of which a server has one
def test_whose_role_is_of_one_workspace_has_none_elsewhere(ws: Workspace, tmp_path: Path) -> None:
    other = Workspace.open(tmp_path / "other")
    bound = only_in(ws.engine, Actor("report", Role.ADMIN))
    assert standing(ws.engine, bound).role is Role.ADMIN
    assert standing(Workspace.open(ws.root).engine, bound).role is Role.ADMIN
    assert standing(other.engine, bound).role is Role.NOBODY
    assert standing(None, bound).role is Role.NOBODY
    assert not bound.is_admin_everywhere
