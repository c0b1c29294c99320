"""The workspaces that whoever looks may open: those in which they have a role. Another one is answered as if
it were not there.
"""

from collections.abc import Iterator
from pathlib import Path

import streamlit as st

from recsys_core.access import Actor, Role, actor
from recsys_core.errors import DriftmapError
from recsys_core.settings import read_settings
from recsys_core.workspace.beside import is_beside, names_beside
from recsys_core.workspace.membership import standing
from recsys_core.workspace.workspace import Workspace

WORKSPACE = "workspace"


@st.cache_resource(max_entries=32, show_spinner=False)
def opened(root: str) -> Workspace:
    """The workspace in a folder, opened once."""
    return Workspace.open(Path(root))


def home() -> Workspace:
    """The workspace that the server was started on."""
    return opened(str(_home()))


def workspace() -> Workspace:
    """The workspace in use: the one that was asked for, else the one the server was started on, else the
    first beside it, of those in which whoever looks has a role; the server's where they have none.
    """
    asked = str(st.session_state.get(WORKSPACE) or st.query_params.get(WORKSPACE) or "")
    found = next((root for root in _candidates(asked) if _is_open(root)), _home())
    return opened(str(found))


def names() -> list[str]:
    """The names of the workspaces in which whoever looks has a role, the server's first."""
    home = _home()
    return [
        root.name for root in (home, *(home.parent / name for name in names_beside(home))) if _is_open(root)
    ]


def asker() -> Actor:
    """Whoever looks, with the role that they have in the workspace in use."""
    asks = actor()
    return asks if asks.is_admin_everywhere else standing(workspace().engine, asks)


def _home() -> Path:
    return read_settings().workspace.resolve()


def _candidates(asked: str) -> Iterator[Path]:
    home = _home()
    if asked != home.name and is_beside(home, asked):
        yield home.parent / asked
    yield home
    yield from (home.parent / name for name in names_beside(home))


def _is_open(root: Path) -> bool:
    """Whether whoever looks has a role there. One beside the server's own that can't be opened is told of to
    admins of the house only.
    """
    asks = actor()
    if asks.is_admin_everywhere or not asks.email:
        return asks.role >= Role.VIEWER
    try:
        return standing(opened(str(root)).engine, asks).role >= Role.VIEWER
    except DriftmapError:
        if root == _home():
            raise
        return False
