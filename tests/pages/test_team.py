from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.loaded import Key, dataset_of
from pages.ui.phrases import plain
from pages.ui.places import TEAM
from recsys_core.access import OWNER, Role, acting_as, person
from recsys_core.workspace.members import add_member, change_member, remove_member, team
from recsys_core.workspace.workspace import Workspace
from tests.pages.conftest import save_shop

AsRole = Callable[..., AppTest]
ADMIN, ANALYST, VIEWER = (f"{role}@example.org" for role in ("admin", "analyst", "viewer"))


@pytest.fixture
def as_owner() -> Callable[..., object]:
    """Does something as the owner, whoever is signed in."""

    def done(act: Callable[..., object], *args: object) -> object:
        with acting_as(OWNER):
            return act(*args)

    return done


def people(ws: Workspace) -> list[tuple[str, str]]:
    with acting_as(OWNER):
        return [(member.person, str(member.role)) for member in team(ws)]


@pytest.mark.usefixtures("shop")
def test_a_team_is_begun_by_an_admin_of_the_house(
    ws: Workspace, signed_in: AsRole, text_of: Callable[[AppTest], str]
) -> None:
    at = signed_in("admin", TEAM)
    assert "workspace has no team of its own." in text_of(at)
    assert f"admins: {plain(ADMIN)}; analysts: {plain(ANALYST)}; viewers: {plain(VIEWER)}" in text_of(at)
    assert at.selectbox(key="team-new-role").options == ["admin"]

    at.text_input(key="team-new").input("Lead@example.org")
    at.button[0].click().run()

    assert people(ws) == [("lead@example.org", "admin")]
    assert "workspace has 1 admin." in text_of(at)
    assert at.text_input(key="team-new").value == ""


@pytest.mark.usefixtures("shop")
def test_an_admin_of_the_workspace_adds_changes_and_removes(
    ws: Workspace, signed_in: AsRole, as_owner: Callable[..., object], text_of: Callable[[AppTest], str]
) -> None:
    as_owner(add_member, ws, ANALYST, Role.ADMIN)
    as_owner(add_member, ws, VIEWER, Role.VIEWER)
    at = signed_in("analyst", TEAM)
    assert "analyst@example.org · admin" in [text.value for text in at.sidebar.text]
    assert list(at.dataframe[0].value["Person"]) == [ANALYST, VIEWER]

    at.selectbox(key="team-member").select(VIEWER).run()
    at.selectbox(key=f"team-role-{VIEWER}-viewer").select(Role.ANALYST).run()
    at.button(key="team-save").click().run()
    assert people(ws) == [(ANALYST, "admin"), (VIEWER, "analyst")]

    at.button(key="team-remove").click().run()
    as_owner(change_member, ws, VIEWER, Role.VIEWER)  # another admin, unseen
    at.button(key="confirm-team-remove").click().run()
    assert plain(f"{VIEWER} is viewer now, changed by owner of this machine") in text_of(at)
    assert (VIEWER, "viewer") in people(ws)

    at.button(key="team-remove").click().run()
    at.button(key="confirm-team-remove").click().run()
    assert people(ws) == [(ANALYST, "admin")]
    at.button(key="team-remove").click().run()
    at.button(key="confirm-team-remove").click().run()
    assert "is the last admin of this workspace" in text_of(at)


@pytest.mark.usefixtures("shop")
def test_people_are_offered_only_workspaces_in_which_they_have_a_role(
    ws: Workspace, signed_in: AsRole, as_owner: Callable[..., object]
) -> None:
    beside = {name: as_owner(Workspace.open, ws.root.parent / name) for name in ("beside", "secret")}
    for name, other in beside.items():
        as_owner(save_shop, other, f"{name}-shop")
        as_owner(add_member, other, "lead@example.org", Role.ADMIN)
    as_owner(add_member, beside["beside"], VIEWER, Role.ANALYST)

    at = signed_in("viewer")
    assert at.sidebar.selectbox(key="workspace").options == ["workspace", "beside"]
    at.sidebar.selectbox(key="workspace").select("beside").run()
    assert "viewer@example.org · analyst" in [text.value for text in at.sidebar.text]
    assert at.sidebar.selectbox(key="dataset").value == "beside-shop"

    as_owner(remove_member, beside["beside"], VIEWER)  # counts at the next click
    at.run()
    assert "viewer@example.org · viewer" in [text.value for text in at.sidebar.text]
    assert at.sidebar.selectbox(key="dataset").value == "shop"
    assert [box.label for box in at.sidebar.selectbox] == ["Dataset"]
    assert signed_in("admin").sidebar.selectbox(key="workspace").options == ["workspace", "beside", "secret"]


def test_a_link_to_a_workspace_of_others_is_answered_as_one_to_none(
    ws: Workspace, signed_in: AsRole, as_owner: Callable[..., object], text_of: Callable[[AppTest], str]
) -> None:
    as_owner(save_shop, ws)
    secret = as_owner(Workspace.open, ws.root.parent / "secret")
    as_owner(save_shop, secret, "secret-shop")
    as_owner(add_member, secret, "lead@example.org", Role.ADMIN)

    def followed(name: str) -> tuple[str, list[str], dict[str, object]]:
        at = signed_in("viewer", workspace=name)
        shown = [f"{box.label}: {box.options}" for box in at.sidebar.selectbox]
        return text_of(at), shown, {**at.query_params, "workspace": ""}

    assert followed("secret") == followed("no-such")


def test_who_has_a_role_in_another_workspace_alone_is_let_in_there(
    ws: Workspace, signed_in: AsRole, as_owner: Callable[..., object]
) -> None:
    other = as_owner(Workspace.open, ws.root.parent / "other")
    as_owner(save_shop, other, "other-shop")
    as_owner(add_member, other, "lead@example.org", Role.ADMIN)

    at = signed_in("lead")

    assert at.sidebar.selectbox(key="dataset").value == "other-shop"
    assert "lead@example.org · admin" in [text.value for text in at.sidebar.text]


def test_an_admin_of_the_house_makes_a_workspace_and_nobody_else(
    ws: Workspace, signed_in: AsRole, as_owner: Callable[..., object]
) -> None:
    as_owner(save_shop, ws)
    at = signed_in("admin", TEAM)
    at.text_input(key="workspace-new").input("second")
    next(button for button in at.button if button.label == "Make it").click().run()

    assert people(Workspace.open(ws.root.parent / "second")) == [(ADMIN, "admin")]
    assert at.sidebar.selectbox(key="workspace").value == "second"
    as_owner(add_member, ws, ANALYST, Role.ADMIN)
    assert "Make it" not in [button.label for button in signed_in("analyst", TEAM).button]


def test_what_is_kept_in_memory_is_of_the_workspace_it_is_kept_under(
    ws: Workspace, as_owner: Callable[..., object]
) -> None:
    other = as_owner(Workspace.open, ws.root.parent / "other")
    as_owner(save_shop, ws, "shop")
    as_owner(save_shop, other, "shop", 7)
    with acting_as(OWNER):
        here, there = (dataset_of(Key(str(place.root), "shop", 1)) for place in (ws, other))
    assert here.n_events > there.n_events
    as_owner(add_member, other, "lead@example.org", Role.ADMIN)
    dataset_of.clear()
    with acting_as(person(VIEWER)), pytest.raises(Exception, match="yours: nobody"):
        dataset_of(Key(str(other.root), "shop", 1))
