"""The key of pseudonyms: one for a workspace, whichever machine it is on.

It is the one thing that no object store is given, since store and key together lead back to people. The store
has its sha256, so that a machine which lacks the key, or has another, is told before people get two
names.
"""

from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from recsys_core.errors import InputError
from recsys_core.logs.pseudonyms import Pseudonyms
from recsys_core.workspace.person import KEY
from recsys_core.workspace.storage.opening import open_remote
from recsys_core.workspace.storage.remote import Remote, tell_key

if TYPE_CHECKING:
    from recsys_core.workspace.workspace import Workspace

_OTHER: Final = "of this machine is another than that of the workspace"
_NONE: Final = "of the workspace is not on this machine"


def pseudonyms_of(ws: "Workspace") -> Pseudonyms:
    """The pseudonyms of a workspace, their key made where there is none yet. Raises InputError where another
    machine has it, OutageError where the object store cannot be asked.
    """
    found = known_pseudonyms(ws)
    if found is None:
        found = Pseudonyms.of_key_file(ws.root / KEY)
        known_pseudonyms(ws)  # from now on other machines are told
    return found


def known_pseudonyms(ws: "Workspace") -> Pseudonyms | None:
    """As ``pseudonyms_of``; None where no machine has made a key."""
    file = ws.root / KEY
    own = sha256(file.read_bytes()).hexdigest() if file.exists() else ""
    remote = open_remote(ws.root, ws.engine)
    if remote is not None:
        (_check_agreed if own else _check_agreed.__wrapped__)(remote, own)  # none yet is no answer to keep
    return Pseudonyms.of_key_file(file) if own else None


@lru_cache(maxsize=8)
def _check_agreed(remote: Remote, own: str) -> None:
    if tell_key(remote.objects, remote.root) != own:
        raise InputError(
            f"{KEY} {_OTHER if own else _NONE}, so the same people would get other pseudonyms here.",
            f"Copy {KEY} from the machine that made it to {remote.root}: no store is ever given that file.",
        )
