"""The workspaces of one server: the one that it was started on, and those in folders beside it."""

import re
from pathlib import Path
from typing import Final

from recsys_core.access import Role, actor, require
from recsys_core.errors import InputError
from recsys_core.settings import read_settings
from recsys_core.workspace.gate import changes
from recsys_core.workspace.members import add_member
from recsys_core.workspace.workspace import Workspace

CATALOGUE: Final = "catalog.db"
"""What makes a folder a workspace: a link opens no other folder, and makes none."""
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _.-]{0,63}")


def is_beside(home: Path, name: str) -> bool:
    """Whether there is a workspace of that name beside ``home``. A catalogue on a server is of one workspace,
    so there is none beside one that has it there.
    """
    own = read_settings().database_url is None
    return own and bool(_NAME.fullmatch(name)) and (home.parent / name / CATALOGUE).is_file()


def names_beside(home: Path) -> list[str]:
    """The names of the workspaces beside ``home``, sorted."""
    found = sorted(path.parent.name for path in home.parent.glob(f"*/{CATALOGUE}"))
    return [name for name in found if name != home.name and is_beside(home, name)]


@changes(Role.ADMIN, "make a workspace", on=("name",))
def make_beside(ws: Workspace, name: str) -> Workspace:
    """A new workspace beside ``ws``, whose team is whoever signed in and makes it. Raises AccessError to all
    but admins of the house, InputError for a name that cannot be used.
    """
    require(Role.ADMIN, "make a workspace")
    _check_name(ws.root, name)
    made = Workspace.open(ws.root.parent / name)
    if email := actor().email:
        add_member(made, email, Role.ADMIN)
    return made


def _check_name(home: Path, name: str) -> None:
    if read_settings().database_url is not None:
        raise InputError(
            "DRIFTMAP_DATABASE_URL names the one database of this server, and each workspace takes its own.",
            "Start another server for another workspace.",
        )
    if not _NAME.fullmatch(name):
        raise InputError(
            f"{name!r} cannot be the name of a workspace.",
            "Use 1 to 64 letters, digits, spaces, dots, dashes and underscores, a letter or digit first.",
        )
    if (home.parent / name).exists():
        raise InputError(f"There is a folder {name!r} beside this workspace already.", "Choose another name.")
