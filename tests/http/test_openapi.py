import pytest
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from recsys_core.http.openapi import describe
from recsys_core.http.query import NAMES
from recsys_core.http.routes import api_routes
from recsys_core.http.schemas import SCHEMAS


def test_every_route_is_described() -> None:
    paths = {route.path for route in api_routes()}  # type: ignore[attr-defined]
    assert set(describe(sign_in=False)["paths"]) | {"/api/{rest:path}"} == paths


def test_every_parameter_is_described() -> None:
    parameters = describe(sign_in=False)["paths"]["/api/recommendations"]["get"]["parameters"]
    assert tuple(parameter["name"] for parameter in parameters) == NAMES
    assert [one["name"] for one in parameters if one["required"]] == ["dataset", "domain"]


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_is_one(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])


def test_a_token_is_a_part_of_it_where_sign_in_is_on(client: TestClient) -> None:
    assert client.get("/api/openapi.json").json() == describe(sign_in=False)
    assert "security" not in str(describe(sign_in=False))

    paths = describe(sign_in=True)["paths"]
    secured = {path for path, operations in paths.items() if "security" in operations["get"]}
    assert secured == {"/metrics", "/api/openapi.json", "/api/recommendations"}
