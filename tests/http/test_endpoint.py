import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from recsys_core.access import OWNER, STRANGER, Role, actor
from recsys_core.http.endpoint import HEADERS, Endpoint
from recsys_core.http.service import Service


def asking(needs: Role = Role.VIEWER, address: str = "127.0.0.1") -> TestClient:
    """Somebody who asks an endpoint that tells them who they are."""

    async def name(_request: Request, _service: Service) -> Response:
        return PlainTextResponse(actor().name)

    endpoint = Endpoint("/who", name, Service(), needs)
    app = Starlette(routes=[Route(endpoint.path, endpoint)])
    return TestClient(app, base_url="http://localhost", client=(address, 50_000))


def test_the_answer_is_made_in_the_name_of_whoever_asks() -> None:
    assert asking().get("/who").text == OWNER.name
    assert asking(Role.NOBODY, "10.0.0.1").get("/who").text == STRANGER.name


def test_whoever_may_not_is_refused() -> None:
    assert asking(address="10.0.0.1").get("/who").status_code == 403


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"])
def test_nothing_can_be_changed(method: str) -> None:
    answer = asking().request(method, "/who")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    assert answer.json()["detail"] == f"{method} is not answered here."


def test_head_is_get_without_the_document() -> None:
    answer = asking().head("/who")
    assert (answer.status_code, answer.headers["content-length"]) == (200, str(len(OWNER.name)))


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1"])
def test_every_answer_is_kept_to_whom_it_is_for(address: str) -> None:
    answer = asking(address=address).get("/who")
    assert HEADERS.items() <= {name.title(): value for name, value in answer.headers.items()}.items() | {
        ("X-Content-Type-Options", "nosniff")
    }
    assert answer.headers["cache-control"] == "no-store"


def test_requests_are_counted_but_those_that_all_may_make(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRIFTMAP_API_PER_MINUTE", "2")
    guarded, opened = asking(), asking(Role.NOBODY)
    assert [guarded.get("/who").status_code for _ in range(3)] == [200, 200, 429]
    assert [opened.get("/who").status_code for _ in range(3)] == [200, 200, 200]


def test_who_guesses_tokens_is_counted_by_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRIFTMAP_API_PER_MINUTE", "2")
    monkeypatch.setenv("DRIFTMAP_SIGN_IN", "oidc")
    client = asking()
    guesses = [client.get("/who", headers={"Authorization": f"Bearer {n}"}).status_code for n in range(3)]
    assert guesses == [401, 401, 429]
