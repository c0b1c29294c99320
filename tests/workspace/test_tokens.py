import pytest
from sqlalchemy import select

from recsys_core.access import Actor, Role, acting_as
from recsys_core.errors import AccessError, InputError, NotFoundError
from recsys_core.workspace.database import reading
from recsys_core.workspace.membership import only_in
from recsys_core.workspace.tokens import TOKENS, find_token, new_token, revoke_token, tokens
from recsys_core.workspace.workspace import Workspace


def test_a_token_acts_as_its_name_and_role_until_it_is_revoked(ws: Workspace) -> None:
    assert tokens(ws) == []
    made, told = new_token(ws, "nightly report", Role.ANALYST)

    found = find_token(ws, told)
    assert found is not None
    assert found.actor_in(ws) == only_in(ws.engine, Actor("nightly report", Role.ANALYST))
    assert tokens(ws) == [made]

    assert revoke_token(ws, made.id).revoked is not None
    assert find_token(ws, told) is None


def test_what_opens_is_nowhere_in_the_workspace(ws: Workspace) -> None:
    _, told = new_token(ws, "report", Role.VIEWER)
    secret = told.split("_", 2)[2]

    with reading(ws.engine) as session:
        kept = session.execute(select(TOKENS)).mappings().one()
    assert len(kept["sha256"]) == 64
    files = [path for path in ws.root.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if secret.encode() in path.read_bytes()]


@pytest.mark.parametrize(
    "told",
    ["", "driftmap", "driftmap_1", "driftmap_1_", "driftmap_1_x", "driftmap_²_x", "other_1_x", "_", "é" * 9],
)
def test_what_is_no_token_opens_nothing(ws: Workspace, told: str) -> None:
    assert find_token(ws, told) is None
    new_token(ws, "report", Role.VIEWER)
    assert find_token(ws, told) is None


def test_the_secret_of_one_does_not_open_as_another(ws: Workspace) -> None:
    _, weak = new_token(ws, "weak", Role.VIEWER)
    new_token(ws, "strong", Role.ADMIN)

    assert find_token(ws, weak.replace("driftmap_1_", "driftmap_2_")) is None


def test_a_name_is_given_once_at_a_time(ws: Workspace) -> None:
    made, _ = new_token(ws, "report", Role.VIEWER)
    with pytest.raises(InputError, match="There is a token named 'report' already"):
        new_token(ws, "report", Role.VIEWER)

    revoke_token(ws, made.id)
    assert new_token(ws, "report", Role.VIEWER)[0].id == 2


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 65])
def test_a_name_must_be_readable(ws: Workspace, name: str) -> None:
    with pytest.raises(InputError, match="cannot be the name of a token"):
        new_token(ws, name, Role.VIEWER)


def test_one_that_is_not_there_cannot_be_revoked(ws: Workspace) -> None:
    with pytest.raises(NotFoundError, match="There is no token 7"):
        revoke_token(ws, 7)


def test_only_an_admin_has_to_do_with_tokens(ws: Workspace) -> None:
    with acting_as(Actor("ada@example.org", Role.ANALYST)):
        for act in (lambda: new_token(ws, "n", Role.VIEWER), lambda: tokens(ws), lambda: revoke_token(ws, 1)):
            with pytest.raises(AccessError, match="takes the role admin"):
                act()
