import pytest
from starlette.testclient import TestClient

from recsys_core import __version__
from recsys_core.access import Role
from recsys_core.http.service import Service
from recsys_core.workspace import doctor
from recsys_core.workspace.tokens import new_token
from recsys_core.workspace.workspace import Workspace
from tests.http.conftest import Connect


def test_a_server_that_answers_is_alive_for_everybody(connect: Connect, shop: Workspace) -> None:
    stranger = connect(shop.root, Service(), address="10.0.0.1")
    assert stranger.get("/healthz").json() == {"status": "ok", "version": __version__}


def test_a_server_on_a_whole_workspace_is_ready(client: TestClient) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["status"] == "ready"
    assert [(check["name"], check["ok"]) for check in answer.json()["checks"]] == [
        ("workspace", True),
        ("database", True),
        ("disk", True),
        ("weights", True),
    ]


def test_a_stranger_is_told_no_reasons(connect: Connect, shop: Workspace) -> None:
    assert connect(shop.root, Service(), address="10.0.0.1").get("/readyz").json() == {"status": "ready"}


def test_with_sign_in_a_token_opens_the_reasons(
    connect: Connect, ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, told = new_token(ws, "watch", Role.VIEWER)
    client = connect(ws.root, Service())
    monkeypatch.setenv("DRIFTMAP_SIGN_IN", "oidc")
    assert "checks" not in client.get("/readyz").json()
    assert "checks" in client.get("/readyz", headers={"Authorization": f"Bearer {told}"}).json()


def test_a_full_disk_is_told(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "LEAST_DISK_GB", 10**9)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (503, "not ready")
    [disk] = [check for check in answer.json()["checks"] if not check["ok"]]
    assert (disk["name"], disk["remedy"][:24]) == ("disk", "Free at least 1000000000")


def test_a_database_that_went_away_is_told(connect: Connect, ws: Workspace) -> None:
    client = connect(ws.root, Service())
    assert client.get("/readyz").status_code == 200
    for file in ws.root.glob("catalog.db*"):
        file.write_bytes(b"no database")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert [check["name"] for check in answer.json()["checks"] if not check["ok"]] == ["database"]


def test_a_workspace_that_cannot_be_opened_is_told(connect: Connect, tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "file").write_text("in the way")
    answer = connect(tmp_path / "file", Service()).get("/readyz")
    assert answer.status_code == 503
    [check] = answer.json()["checks"]
    assert check["name"] == "workspace"
    assert "cannot be made" in check["detail"]
