from pathlib import Path

import pytest

from recsys_core.access import OWNER, Role, acting_as, person
from recsys_core.errors import AccessError, InputError
from recsys_core.workspace.audit import entries
from recsys_core.workspace.beside import is_beside, make_beside, names_beside
from recsys_core.workspace.members import add_member, team
from recsys_core.workspace.workspace import Workspace

pytestmark = pytest.mark.one_database  # a server has the catalogue of one workspace and none beside it

ADA, ROOT = "ada@example.org", "root@example.org"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("DRIFTMAP_ADMINS", ROOT)
    return Workspace.open(tmp_path / "home")


def test_workspaces_lie_beside_each_other(home: Workspace) -> None:
    for name in ("shop", "b-side", ".hidden", "deep/down"):
        Workspace.open(home.root.parent / name)
    (home.root.parent / "no workspace").mkdir()

    assert names_beside(home.root) == ["b-side", "shop"]
    assert [is_beside(home.root, name) for name in ("shop", ".hidden", "deep/down", "..", "")] == [
        True,
        False,
        False,
        False,
        False,
    ]


def test_who_makes_a_workspace_is_its_team(home: Workspace) -> None:
    with acting_as(person(ROOT)):
        made = make_beside(home, "shop")
    assert [(member.person, member.role) for member in team(made)] == [(ROOT, Role.ADMIN)]
    assert next((e.what, e.outcome) for e in entries(made.engine)) == ("add a member", "done")
    assert next((e.what, e.target, e.outcome) for e in entries(home.engine)) == (
        "make a workspace",
        "shop",
        "done",
    )


def test_the_owner_makes_one_without_a_team(home: Workspace) -> None:
    with acting_as(OWNER):
        assert team(make_beside(home, "shop")) == []


def test_an_admin_of_one_workspace_makes_no_other(home: Workspace) -> None:
    add_member(home, ADA, Role.ADMIN)
    with acting_as(person(ADA)), pytest.raises(AccessError, match="may not make a workspace"):
        make_beside(home, "shop")
    assert names_beside(home.root) == []


@pytest.mark.parametrize("name", ["", "../shop", "a/b", ".shop", "x" * 65, "home"])
def test_a_name_that_cannot_be_used_is_refused(home: Workspace, name: str) -> None:
    with pytest.raises(InputError, match=r"cannot be the name of a workspace|There is a folder 'home'"):
        make_beside(home, name)


def test_a_catalogue_on_a_server_is_of_one_workspace(
    home: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    Workspace.open(home.root.parent / "shop")
    monkeypatch.setenv("DRIFTMAP_DATABASE_URL", "postgresql://db.example/driftmap")
    assert names_beside(home.root) == []
    with pytest.raises(InputError, match="names the one database of this server"):
        make_beside(home, "other")
