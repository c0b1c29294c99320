from pathlib import Path

import pytest
from starlette.requests import Request

from recsys_core.access import OWNER, STRANGER, Actor, Role, acting_as
from recsys_core.http.callers import Caller, caller_of
from recsys_core.http.problems import Problem
from recsys_core.http.threads import Threads
from recsys_core.workspace.membership import only_in
from recsys_core.workspace.tokens import new_token, revoke_token
from recsys_core.workspace.workspace import Workspace
from tests.http.running import run


def caller(address: str | None = "127.0.0.1", host: str = "localhost", authorization: str = "") -> Caller:
    headers = [(b"host", host.encode()), (b"authorization", authorization.encode())]
    client = None if address is None else (address, 50_000)
    scope = {"type": "http", "method": "GET", "path": "/", "headers": headers, "client": client}
    return run(caller_of(Request(scope), Threads()))


@pytest.fixture
def signed_in(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> str:
    """A token of a server with sign-in."""
    monkeypatch.setenv("DRIFTMAP_WORKSPACE", str(ws.root))
    _, told = new_token(ws, "report", Role.ANALYST)
    monkeypatch.setenv("DRIFTMAP_SIGN_IN", "oidc")
    return told


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8501", "127.0.0.1:8501", "[::1]:8501", "[::1]"])
def test_without_sign_in_whoever_is_on_this_machine_owns_it(address: str, host: str) -> None:
    assert caller(address, host).actor == OWNER


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("10.0.0.1", "localhost"),
        ("2001:db8::1", "localhost"),
        ("testclient", "localhost"),
        (None, "localhost"),
        ("127.0.0.1", "rebound.example:8501"),
        ("127.0.0.1", "localhost.example"),
        ("127.0.0.1", ""),
        ("127.0.0.1", "[::"),
    ],
)
def test_without_sign_in_nobody_else_gets_in(address: str | None, host: str) -> None:
    found = caller(address, host)
    assert found.actor == STRANGER
    with pytest.raises(Problem, match="only this machine may ask") as caught:
        found.check(Role.VIEWER)
    assert caught.value.status == 403


def test_with_sign_in_a_token_says_who_asks(signed_in: str, ws: Workspace) -> None:
    found = caller("10.0.0.1", "driftmap.example", f"Bearer {signed_in}")
    assert found == Caller(only_in(ws.engine, Actor("report", Role.ANALYST)), "token 1")
    found.check(Role.ANALYST)
    with pytest.raises(Problem, match="report is analyst; this takes the role admin") as caught:
        found.check(Role.ADMIN)
    assert caught.value.status == 403


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer x", "Basic {}", "{}", "Bearer {}x"])
def test_with_sign_in_nobody_gets_in_without_a_valid_token(signed_in: str, authorization: str) -> None:
    found = caller(authorization=authorization.format(signed_in))
    assert found == Caller(STRANGER, "127.0.0.1")
    with pytest.raises(Problem) as caught:
        found.check(Role.VIEWER)
    assert (caught.value.status, caught.value.headers) == (
        401,
        {"WWW-Authenticate": 'Bearer realm="Driftmap"'},
    )


def test_a_token_of_one_workspace_is_none_of_another(
    signed_in: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Workspace.open(tmp_path / "other")
    with acting_as(OWNER):
        new_token(other, "report", Role.ADMIN)  # of the same number
    monkeypatch.setenv("DRIFTMAP_WORKSPACE", str(other.root))
    assert caller(authorization=f"Bearer {signed_in}").actor == STRANGER


def test_a_token_that_was_revoked_opens_nothing(signed_in: str, ws: Workspace, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.delenv("DRIFTMAP_SIGN_IN")
    revoke_token(ws, 1)
    monkeypatch.setenv("DRIFTMAP_SIGN_IN", "oidc")
    assert caller(authorization=f"Bearer {signed_in}").actor == STRANGER


def test_who_has_a_whole_network_is_counted_once() -> None:
    assert caller("2001:db8::1").key == caller("2001:db8::2:3").key == "2001:db8::/64"
    assert caller("10.0.0.1").key != caller("10.0.0.2").key
