"""``GET /healthz``: the server is alive. ``GET /readyz``: it can do its work."""

from dataclasses import asdict
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from recsys_core import __version__
from recsys_core.access import HOUSE, Role, acting_as, actor
from recsys_core.errors import DriftmapError
from recsys_core.http.home import home
from recsys_core.http.service import Service
from recsys_core.workspace.doctor import NEEDED, Check, examine

REMEDY: Final = "Name another workspace, or put this one right."


async def health(_request: Request, _service: Service) -> Response:
    """200 while the server answers, with the version."""
    return JSONResponse({"status": "ok", "version": __version__})


async def readiness(_request: Request, service: Service) -> Response:
    """200 where everything needed is there, else 503. What was looked at is told to viewers only."""
    checks = await service.threads.run(look)
    ready = all(check.ok for check in checks)
    told = {"checks": [asdict(check) for check in checks]} if actor().role >= Role.VIEWER else {}
    return JSONResponse({"status": "ready" if ready else "not ready", **told}, 200 if ready else 503)


def look() -> list[Check]:
    """The workspace opens, its database answers, the disk has room, the encoder is there."""
    with acting_as(HOUSE):  # whoever asks, the answer is the same; what is told of it is not
        try:
            ws = home()
        except DriftmapError as error:
            return [Check("workspace", False, str(error), REMEDY)]
        return [Check("workspace", True, f"{ws.root} is open"), *examine(ws.root, NEEDED)]
