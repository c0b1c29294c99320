"""The server: the dashboard, its HTTP routes and what happens at start-up.

Start it with ``driftmap app`` or ``streamlit run app.py``. The main script is ``pages/frame.py``, not
this file: a folder ``pages/`` beside the main script would switch on Streamlit's old page discovery.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st

from recsys_core.access import HOUSE, acting_as
from recsys_core.address import check_address
from recsys_core.errors import DriftmapError
from recsys_core.http.routes import api_routes
from recsys_core.jobs.reaper import reap
from recsys_core.workspace.permissions import keep_private
from recsys_core.workspace.workspace import Workspace


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[dict[str, object]]:
    """At start-up, refuse to be open to everybody, and mark jobs and runs whose process is gone, so that
    they can be resumed.
    """
    check_address(st.get_option("server.address"))
    keep_private()
    try:
        with acting_as(HOUSE):
            ws = Workspace.open()
            reap(ws)
            ws.lose_runs()
    except DriftmapError as error:
        print(error)  # noqa: T201 - the page shows it too; the server must come up to say so
    yield {}


app = st.App(
    Path(__file__).parent / "pages" / "frame.py",
    routes=api_routes(),
    lifespan=lifespan,
)
