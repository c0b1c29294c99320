"""The server: the dashboard, its HTTP routes and what happens at start-up.

Start it with ``driftmap app`` or ``streamlit run app.py``. The main script is ``pages/frame.py``, not
this file: a folder ``pages/`` beside the main script would switch on Streamlit's old page discovery.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from recsys_core import __version__
from recsys_core.errors import DriftmapError
from recsys_core.jobs.reaper import reap
from recsys_core.settings import read_settings
from recsys_core.workspace.workspace import Workspace

REAP_SECONDS = 15.0


async def health(_request: Request) -> JSONResponse:
    """``GET /healthz``: 200 while the server answers, with the version."""
    return JSONResponse({"status": "ok", "version": __version__})


async def _keep_reaping(ws: Workspace) -> None:
    while True:
        await asyncio.sleep(REAP_SECONDS)
        try:
            await asyncio.to_thread(reap, ws)
        except (DriftmapError, SQLAlchemyError) as error:
            print(error)  # noqa: T201 - the next time it may do


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[dict[str, object]]:
    """At start-up, mark jobs whose process is gone, so that they can be resumed; with a cluster, keep seeing
    to those that wait for it.
    """
    tasks = []
    try:
        ws = Workspace.open()
        reap(ws)
        if read_settings().ray_address:
            tasks.append(asyncio.create_task(_keep_reaping(ws)))
    except DriftmapError as error:
        print(error)  # noqa: T201 - the page shows it too; the server must come up to say so
    yield {}
    for task in tasks:
        task.cancel()


app = st.App(
    Path(__file__).parent / "pages" / "frame.py",
    routes=[Route("/healthz", health)],
    lifespan=lifespan,
)
