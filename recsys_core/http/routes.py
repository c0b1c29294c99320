"""Every route of the HTTP API, for ``app.py`` to list."""

from http import HTTPStatus

from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from recsys_core.access import Role
from recsys_core.http.endpoint import Endpoint
from recsys_core.http.health import health, readiness
from recsys_core.http.openapi import describe
from recsys_core.http.problems import Problem
from recsys_core.http.recommending import recommendations
from recsys_core.http.service import Service
from recsys_core.settings import read_settings


def api_routes(service: Service | None = None) -> list[BaseRoute]:
    """The routes of one server; what they share is in ``service``, by default a new one."""
    service = service or Service()
    endpoints = [
        Endpoint("/healthz", health, service, Role.NOBODY),
        Endpoint("/readyz", readiness, service, Role.NOBODY),
        Endpoint("/metrics", metrics, service),
        Endpoint("/api/openapi.json", description, service),
        Endpoint("/api/recommendations", recommendations, service),
        Endpoint("/api/{rest:path}", nothing, service),
    ]
    return [Route(endpoint.path, endpoint) for endpoint in endpoints]


async def metrics(_request: Request, service: Service) -> Response:
    """``GET /metrics``."""
    text = await service.threads.run(service.metrics.text)
    return Response(text, media_type=CONTENT_TYPE_LATEST)


async def description(_request: Request, _service: Service) -> Response:
    """``GET /api/openapi.json``."""
    return JSONResponse(describe(read_settings().sign_in))


async def nothing(request: Request, _service: Service) -> Response:
    """Any other path under ``/api``, which would show the dashboard otherwise."""
    detail = f"There is nothing at {request.url.path!r}."
    raise Problem(HTTPStatus.NOT_FOUND, detail, "See /api/openapi.json.")
