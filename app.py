"""The server: the dashboard, its HTTP routes and what happens at start-up.

Start it with ``driftmap app`` or ``streamlit run app.py``. The main script is ``pages/frame.py``, not
this file: a folder ``pages/`` beside the main script would switch on Streamlit's old page discovery.
"""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from recsys_core.access import HOUSE, acting_as
from recsys_core.address import check_address
from recsys_core.errors import DriftmapError
from recsys_core.http.routes import api_routes
from recsys_core.jobs.reaper import reap
from recsys_core.settings import read_settings
from recsys_core.workspace.permissions import keep_private
from recsys_core.workspace.workspace import Workspace

REAP_SECONDS = 15.0
COLLECT_SECONDS = 60.0


async def _keep_collecting() -> None:
    """What refers to itself in a circle, as figures do, goes within a minute. Streamlit would look for it
    after every page, which takes longer than most pages; Python by itself only looks once in a long while.
    """
    while True:
        await asyncio.sleep(COLLECT_SECONDS)
        await asyncio.to_thread(gc.collect)


async def _keep_reaping(ws: Workspace) -> None:
    while True:
        await asyncio.sleep(REAP_SECONDS)
        try:
            with acting_as(HOUSE):
                await asyncio.to_thread(reap, ws)
        except (DriftmapError, SQLAlchemyError) as error:
            print(error)  # noqa: T201 - the next time it may do


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[dict[str, object]]:
    """At start-up, refuse to be open to everybody, and mark jobs and runs whose process is gone, so that
    they can be resumed; with a cluster, keep seeing to those that wait for it. Meanwhile clear memory.
    """
    tasks = [asyncio.create_task(_keep_collecting())]
    check_address(st.get_option("server.address"))
    keep_private()
    try:
        with acting_as(HOUSE):
            ws = Workspace.open()
            reap(ws)
            ws.lose_runs()
            if read_settings().ray_address:
                tasks.append(asyncio.create_task(_keep_reaping(ws)))
    except DriftmapError as error:
        print(error)  # noqa: T201 - the page shows it too; the server must come up to say so
    yield {}
    for task in tasks:
        task.cancel()


app = st.App(
    Path(__file__).parent / "pages" / "frame.py",
    routes=api_routes(),
    lifespan=lifespan,
)
