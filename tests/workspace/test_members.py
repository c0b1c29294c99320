from datetime import UTC, datetime

import pytest

from recsys_core.access import OWNER, Actor, Role, acting_as, person
from recsys_core.errors import AccessError, ConflictError, InputError, NotFoundError
from recsys_core.workspace.audit import entries
from recsys_core.workspace.members import Member, add_member, change_member, remove_member, team
from recsys_core.workspace.workspace import Workspace

ADA, BEN, CLEO = (f"{name}@example.org" for name in ("ada", "ben", "cleo"))


@pytest.fixture
def begun(ws: Workspace) -> Workspace:
    """A workspace of ada, its admin, and ben, a viewer."""
    add_member(ws, ADA, Role.ADMIN)
    add_member(ws, BEN, Role.VIEWER)
    return ws


def shown(ws: Workspace) -> list[tuple[str, Role]]:
    return [(member.person, member.role) for member in team(ws)]


def test_a_member_is_kept_with_who_added_them_and_when(ws: Workspace) -> None:
    assert team(ws) == []
    before = datetime.now(UTC)
    made = add_member(ws, " Ada@Example.ORG", Role.ADMIN)

    assert made == Member(ADA, Role.ADMIN, made.since, OWNER.name)
    assert before <= made.since <= datetime.now(UTC)
    assert team(ws) == [made]


def test_admins_come_first_then_by_name(begun: Workspace) -> None:
    add_member(begun, "*@example.org", Role.VIEWER)
    add_member(begun, CLEO, Role.ANALYST)
    assert [one.person for one in team(begun)] == [ADA, CLEO, "*@example.org", BEN]


def test_a_role_says_who_gave_it(begun: Workspace) -> None:
    with acting_as(person(ADA)):
        changed = change_member(begun, BEN, Role.ANALYST)
    assert (changed.role, changed.added_by) == (Role.ANALYST, ADA)
    assert changed in team(begun)


def test_admins_of_the_workspace_see_to_the_team_and_nobody_else(begun: Workspace) -> None:
    acts = (
        lambda: team(begun),
        lambda: add_member(begun, CLEO, Role.VIEWER),
        lambda: change_member(begun, BEN, Role.ADMIN),
        lambda: remove_member(begun, ADA),
    )
    for who in (person(BEN), person(CLEO)):
        for act in acts:
            with acting_as(who), pytest.raises(AccessError, match="takes the role admin"):
                act()
    with acting_as(person(ADA)):
        for act in acts[:3]:
            act()
    assert shown(begun) == [(ADA, Role.ADMIN), (BEN, Role.ADMIN), (CLEO, Role.VIEWER)]


def test_the_first_of_a_team_is_its_admin(ws: Workspace) -> None:
    with pytest.raises(
        InputError, match=r"first of a team is its admin, and ben@.* would be viewer\. Add an"
    ):
        add_member(ws, BEN, Role.VIEWER)
    assert team(ws) == []


def test_the_last_admin_stays(begun: Workspace) -> None:
    said = r"ada@example\.org is the last admin .* Make somebody else an admin first"
    for act in (lambda: remove_member(begun, ADA), lambda: change_member(begun, ADA, Role.ANALYST)):
        with pytest.raises(InputError, match=said):
            act()
    assert shown(begun) == [(ADA, Role.ADMIN), (BEN, Role.VIEWER)]

    change_member(begun, BEN, Role.ADMIN)
    remove_member(begun, ADA)
    assert shown(begun) == [(BEN, Role.ADMIN)]


@pytest.mark.parametrize(
    "text", ["", "ben", "*", "a*@example.org", "ben@x@y", "b\0n@x", "b en@x", "x" * 320 + "@y"]
)
def test_who_is_no_address_is_refused(ws: Workspace, text: str) -> None:
    with pytest.raises(InputError, match="is no e-mail address"):
        add_member(ws, text, Role.ADMIN)


def test_nobody_is_added_twice(begun: Workspace) -> None:
    with pytest.raises(InputError, match=f"{BEN} is in the team already, as viewer by {OWNER.name}"):
        add_member(begun, BEN.upper(), Role.ADMIN)


def test_who_is_not_in_the_team_cannot_be_changed_or_removed(begun: Workspace) -> None:
    for act in (lambda: remove_member(begun, CLEO), lambda: change_member(begun, CLEO, Role.ADMIN)):
        with pytest.raises(NotFoundError, match=f"{CLEO} is not in the team"):
            act()


def test_the_second_of_two_admins_who_change_the_same_member_is_told(begun: Workspace) -> None:
    add_member(begun, CLEO, Role.ADMIN)
    with acting_as(person(ADA)):
        change_member(begun, BEN, Role.ANALYST, seen=Role.VIEWER)
    changed = f"{BEN} is analyst now, changed by {ADA} on .* UTC, after you had looked"
    with acting_as(person(CLEO)):
        with pytest.raises(ConflictError, match=changed):
            change_member(begun, BEN, Role.ADMIN, seen=Role.VIEWER)
        with pytest.raises(ConflictError, match=changed):
            remove_member(begun, BEN, seen=Role.VIEWER)
        remove_member(begun, BEN, seen=Role.ANALYST)
    with (
        acting_as(person(ADA)),
        pytest.raises(ConflictError, match=f"not in the team now, changed by {CLEO}"),
    ):
        change_member(begun, BEN, Role.VIEWER, seen=Role.ANALYST)


def test_every_change_and_refusal_is_in_the_audit(begun: Workspace) -> None:
    with acting_as(person(BEN)), pytest.raises(AccessError):
        change_member(begun, BEN, Role.ADMIN)
    with acting_as(person(ADA)):
        change_member(begun, BEN, Role.ANALYST)
        remove_member(begun, BEN)

    told = [(e.who, e.role, e.what, e.target, e.detail, e.outcome) for e in reversed(entries(begun.engine))]
    assert [one for one in told if one[0] != OWNER.name and one[5] != "begun"] == [
        (BEN, "viewer", "change the role of a member", BEN, "admin", "refused"),
        (ADA, "admin", "change the role of a member", BEN, "analyst", "done"),
        (ADA, "admin", "remove a member", BEN, "", "done"),
    ]
    assert ("add a member", ADA, "admin", "done") in [one[2:] for one in told]


def test_whoever_acts_under_a_name_alone_is_in_no_team(begun: Workspace) -> None:
    with acting_as(Actor(ADA, Role.NOBODY)), pytest.raises(AccessError, match="yours: nobody"):
        team(begun)
