"""Who came in, and reading the audit, which takes an admin."""

from datetime import datetime

from recsys_core.access import Role
from recsys_core.workspace import audit
from recsys_core.workspace.gate import changes, takes
from recsys_core.workspace.workspace import Workspace


@changes(Role.VIEWER, "come in")
def come_in(ws: Workspace) -> None:
    """Write down that whoever asks came in. Raises AccessError, written down too, where they have no role."""


@takes(Role.ADMIN, "read the audit")
def read_audit(
    ws: Workspace,
    who: str = "",
    what: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 1000,
) -> list[audit.Entry]:
    """The newest ``limit`` rows, newest first; the filters are those of ``audit.entries``."""
    return audit.entries(ws.engine, who, what, since, until, limit)
