"""How much one person may upload in a day, where people sign in. The audit is what it is counted by."""

from datetime import UTC, datetime, timedelta
from typing import Final

from recsys_core.access import Role, actor
from recsys_core.errors import InputError
from recsys_core.settings import read_settings
from recsys_core.workspace.audit import details_since
from recsys_core.workspace.gate import changes
from recsys_core.workspace.workspace import Workspace

UPLOAD: Final = "upload a file"
DAY: Final = timedelta(days=1)
MB: Final = 1_000_000


@changes(Role.ANALYST, UPLOAD, detail="n_bytes")
def admit_upload(ws: Workspace, n_bytes: int) -> None:
    """Count an upload of ``n_bytes`` for whoever asks. Raises InputError where it would be more than one
    person may send in 24 hours.
    """
    settings = read_settings()
    if not settings.sign_in:
        return
    sent = sum(map(int, details_since(ws.engine, actor().name, UPLOAD, datetime.now(UTC) - DAY)))
    if sent + n_bytes > settings.max_uploads_mb_day * MB:
        raise InputError(
            f"These {n_bytes / MB:,.1f} MB and the {sent / MB:,.1f} MB that you sent in the last 24 hours "
            f"are more than the {settings.max_uploads_mb_day:,} MB that one person may upload in a day.",
            "Wait until tomorrow, or ask whoever runs this Driftmap to import it on the command line.",
        )
