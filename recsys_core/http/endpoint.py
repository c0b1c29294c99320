"""One route from end to end: who asks, may they, how often, then the answer or the problem."""

import time
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from recsys_core.access import Role, acting_as
from recsys_core.http.callers import caller_of
from recsys_core.http.problems import Problem, problem_of
from recsys_core.http.service import Service

Answering = Callable[[Request, Service], Awaitable[Response]]
METHODS: Final = ("GET", "HEAD")
HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Endpoint:
    """An ASGI application for one path. ``needs``: the least role; NOBODY for all, who are not counted."""

    def __init__(self, path: str, answering: Answering, service: Service, needs: Role = Role.VIEWER) -> None:
        """``answering``: what makes the answer; inside it ``access.actor`` is whoever asks."""
        self.path = path
        self._answering = answering
        self._service = service
        self._needs = needs

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; nothing is raised."""
        began = time.perf_counter()
        try:
            response = await self._answer(Request(scope, receive))
        except Exception as error:  # the one place where any failure becomes a problem
            response = problem_of(error).response()
        response.headers.update(HEADERS)
        self._service.metrics.observe(self.path, response.status_code, time.perf_counter() - began)
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        if request.method not in METHODS:
            allowed = ", ".join(METHODS)
            detail = f"{request.method} is not answered here."
            raise Problem(HTTPStatus.METHOD_NOT_ALLOWED, detail, f"Use {allowed}.", {"Allow": allowed})
        caller = await caller_of(request, self._service.threads)
        if self._needs > Role.NOBODY:
            self._service.limit.count(caller.key)
            caller.check(self._needs)
        with acting_as(caller.actor):
            return await self._answering(request, self._service)
